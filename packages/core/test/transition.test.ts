import assert from "node:assert/strict";
import { type Command, MAX_TRANSACTIONS, type Session, type Transition, transition } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";

const END = 1000;
const born = { payload: Uint8Array.of(1), sequenceToken: "first", expiresAt: END };
const session: Session = { ...born, modifiedAt: 0, transactions: [] };

const readOrCancel = fc.constantFrom<Command>({ type: "read" }, { type: "cancel" });
const creation = fc.constantFrom<Command>({ type: "create", session: born });
const payload = fc.uint8Array({ maxLength: 2, max: 2 });
const write = fc.record({
  expectedToken: fc.constantFrom("first", "1", "2", "3", "4", "foreign"),
  payload,
  transactionId: fc.constantFrom(undefined, undefined, "m1", "m2"),
});

/** Commands, each some time after the one before; every write has a token of its own, the number of its step. */
const steps = fc
  .array(fc.tuple(fc.oneof({ arbitrary: write, weight: 8 }, readOrCancel, creation), fc.constantFrom(0, 1, 99)), {
    maxLength: 40,
  })
  .map((steps) =>
    steps.map(([step, passed], index): [Command, number] =>
      "type" in step ? [step, passed] : [{ type: "write", write: { ...step, nextToken: `${index}` } }, passed],
    ),
  );

/** Runs the steps, and shows each transition to `look`, together with the state and the time before it. */
function along(
  steps: readonly [Command, number][],
  look: (before: Session | undefined, command: Command, now: number, after: Session | undefined, type: string) => void,
): void {
  let state: Session | undefined = session;
  let now = 0;
  for (const [command, passed] of steps) {
    now += passed;
    const { session: after, outcome }: Transition<{ type: string }> = transition(state, command, now);
    look(state, command, now, after, outcome.type);
    state = after;
  }
}

const holds = (look: Parameters<typeof along>[1]): void =>
  fc.assert(
    fc.property(steps, (steps) => along(steps, look)),
    { numRuns: 500 },
  );

test("a transition changes neither the session that it is given nor the command", () => {
  holds((before, command, now) => {
    const copies = structuredClone([before, command]);
    transition(before, command, now);
    assert.deepEqual([before, command], copies);
  });
});

test("the same session, command and time give the same transition", () => {
  holds((before, command, now) => {
    assert.deepEqual(transition(before, command, now), transition(structuredClone(before), command, now));
  });
});

test("a session that has ended is to every command what no session is", () => {
  holds((before, command, now) => {
    const end = before?.expiresAt ?? now;
    for (const at of [end, end + 1, end + 10_000]) {
      assert.deepEqual(transition(before, command, at), transition(undefined, command, at));
    }
  });
});

test("only a creation starts a session, and only where there is none", () => {
  holds((before, command, now, after, type) => {
    const live = before !== undefined && now < before.expiresAt;
    assert.equal(type === "created", command.type === "create" && !live);
    if (!live && command.type !== "create") assert.equal(after, undefined);
    if (type === "created") assert.deepEqual(after, { ...born, modifiedAt: now, transactions: [] });
  });
});

test("the token, the payload and the time of change move together, and only where the answer says so", () => {
  holds((before, command, now, after, type) => {
    if (before === undefined || after === undefined || type === "created") return;
    const written = type === "written" && command.type === "write";
    const { sequenceToken, payload, modifiedAt } = written
      ? { sequenceToken: command.write.nextToken, payload: command.write.payload, modifiedAt: now }
      : before;
    assert.deepEqual([after.sequenceToken, after.payload, after.modifiedAt], [sequenceToken, payload, modifiedAt]);
    assert.equal(after.expiresAt, before.expiresAt);
  });
});

test("a write wins where it expected the current token, unless its transaction was answered before", () => {
  holds((before, command, now, _, type) => {
    if (command.type !== "write" || before === undefined || now >= before.expiresAt) return;
    const { expectedToken, transactionId } = command.write;
    const known = before.transactions.some((record) => record.transactionId === transactionId);
    assert.equal(type === "written", !known && expectedToken === before.sequenceToken);
  });
});

test("transactions are recorded once each, in order, and no more than are kept", () => {
  let state: Session | undefined = session;
  for (let count = 0; count < 3 * MAX_TRANSACTIONS; count += 1) {
    const expectedToken: string = count % 3 === 0 ? "stale" : (state?.sequenceToken ?? "");
    const nextToken = `${count}`;
    const write = { expectedToken, nextToken, payload: Uint8Array.of(count), transactionId: `m${count}` };
    state = transition(state, { type: "write", write }, 0).session;
    state = transition(state, { type: "write", write }, 0).session;
    assert.deepEqual(state?.transactions.at(-1), {
      transactionId: `m${count}`,
      sequenceToken: count % 3 === 0 ? null : nextToken,
    });
    assert.equal(state?.transactions.length, Math.min(count + 1, MAX_TRANSACTIONS));
  }
  assert.equal(state?.transactions[0]?.transactionId, `m${2 * MAX_TRANSACTIONS}`);
});
