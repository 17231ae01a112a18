import { consumerTests, NODE_TYPES } from "../src/consumer-tests.ts";

await consumerTests("deno", {
  install: "deno install",
  others: NODE_TYPES,
  checkTypes: "deno check library.ts store.test.ts",
  uses: ["deno run -A --no-check --unstable-kv library.ts"],
  plain: ["deno run -A plain.js"],
  storeTests: "deno test -A --no-check store.test.ts",
});
