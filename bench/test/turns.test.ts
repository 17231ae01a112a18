import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { inTurns } from "../src/turns.ts";

test("subjects take turns, every second round backwards, and the warm-up does not count", async () => {
  const order: string[] = [];
  const measured = await inTurns(["a", "b"], { rounds: 2, warmUps: 1 }, async (subject) => {
    order.push(subject);
    return `${subject}${order.length}`;
  });
  assert.equal(order.join(""), "baabba");
  assert.deepEqual(measured, [
    ["a3", "a6"],
    ["b4", "b5"],
  ]);
});

test("without a warm-up every round counts", async () => {
  assert.deepEqual(await inTurns([1, 2], { rounds: 1, warmUps: 0 }, async (subject) => subject * 10), [[10], [20]]);
});
