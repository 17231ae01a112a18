import { consumerTests, NODE_TYPES, STRICT } from "../src/consumer-tests.ts";
import { ROOT } from "../src/packed.ts";

await consumerTests("bun", {
  install: "bun install",
  others: NODE_TYPES,
  checkTypes: `node ${ROOT}node_modules/typescript/bin/tsc ${STRICT}`,
  uses: ["bun library.ts"],
  plain: ["bun plain.js"],
  storeTests: "bun test ./store.test.ts",
});
