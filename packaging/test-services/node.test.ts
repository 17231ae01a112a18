import process from "node:process";
import { consumerTests, NODE_TYPES, STRICT } from "../src/consumer-tests.ts";
import { ROOT } from "../src/packed.ts";

/** The oldest Node that `engines` lets in: as a package, it is called after the platform. */
const OLDEST = `node-${process.platform}-${process.arch}`;

await consumerTests("node", {
  install: "npm install --no-audit --no-fund",
  others: { ...NODE_TYPES, vitest: "^5.0.0", [OLDEST]: "22.13.0" },
  checkTypes: `node ${ROOT}node_modules/typescript/bin/tsc ${STRICT}`,
  uses: ["node library.ts", `node_modules/${OLDEST}/bin/node compiled/library.js`],
  plain: ["node plain.js", `node_modules/${OLDEST}/bin/node plain.js`],
  storeTests: "node_modules/.bin/vitest run store.test.ts",
});
