import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { BUDGETS } from "../src/budgets.ts";
import { assertMeasured, budgetsIn, runQuick } from "./quick.ts";

test("what needs nothing but npm is measured, and its budgets stand beside it", async () => {
  const groups = await runQuick();
  assertMeasured(groups);
  const flowsNames = groups[0]?.rows.map(({ name }) => name);
  assert.deepEqual(
    flowsNames?.filter((name) => name.endsWith("on Bun")),
    ["bare server on Bun", "ours on Bun", "looking server on Bun"],
  );
  const { flows, handshake, startUp, growth, sessionBytes } = BUDGETS;
  assert.deepEqual(budgetsIn(groups), [flows, handshake, startUp, growth, growth, sessionBytes]);
});
