import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { readOptions } from "../src/options.ts";

const chosen = (...args: readonly string[]): string[] => readOptions(args).sections.map(([name]) => name);

test("without a word all sections are run, but for those that have to be asked for", () => {
  assert.match(readOptions([]).output, /results\/whole\.json$/);
  assert.ok(chosen().includes("synapse") && chosen().includes("flows"));
  assert.ok(!chosen().includes("growth-redis"));
});

test("--quick alone is what needs nothing but npm", () => {
  assert.match(readOptions(["--quick"]).output, /results\/partial\.json$/);
  assert.ok(chosen("--quick").includes("flows"));
  assert.ok(!chosen("--quick").includes("synapse"));
});

test("sections are chosen by name, and one that there is not is named beside those that there are", () => {
  assert.deepEqual(chosen("start-up", "growth-redis", "--quick"), ["start-up", "growth-redis"]);
  assert.match(readOptions(["flows"]).output, /results\/partial\.json$/);
  assert.equal(readOptions(["flows", "--output", "elsewhere.json"]).output, "elsewhere.json");
  assert.throws(() => readOptions(["flow"]), /no section flow: choose from flows, reads, /);
  assert.throws(() => readOptions(["--fast"]), TypeError);
});
