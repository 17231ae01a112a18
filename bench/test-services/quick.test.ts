import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { BUDGETS } from "../src/budgets.ts";
import { SECTIONS } from "../src/sections/index.ts";
import { assertMeasured, budgetsIn, runQuick } from "../test/quick.ts";

test("what needs Synapse, wrk or a database is measured, and its budgets stand beside it", async () => {
  const names = Object.entries(SECTIONS).flatMap(([name, { needs }]) => (needs.length > 0 ? [name] : []));
  const groups = await runQuick(...names);
  assertMeasured(groups);
  const { reads, synapseFlows, synapseReads, sqliteWrites } = BUDGETS;
  assert.deepEqual(budgetsIn(groups), [reads, synapseFlows, synapseReads, sqliteWrites]);
});
