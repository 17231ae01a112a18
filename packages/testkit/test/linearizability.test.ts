import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import {
  assertLinearizable,
  bytesOf,
  History,
  linearize,
  type SessionOperation,
  sessionRules,
} from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import { linearizable, notLinearizable } from "./histories.ts";

for (const [name, history] of Object.entries(linearizable)) {
  test(`linearizable: ${name}`, () => {
    for (const shuffled of [history, history.toReversed()]) assertLinearizable(shuffled);
  });
}

for (const [name, history] of Object.entries(notLinearizable)) {
  test(`not linearizable: ${name}`, () => {
    for (const shuffled of [history, history.toReversed()]) {
      assert.throws(() => assertLinearizable(shuffled), /^Error: not linearizable/);
    }
  });
}

test("the order that is given explains the history, and the failure shows where it stops", () => {
  const history = linearizable["the later call came first"] ?? [];
  const verdict = linearize(sessionRules, history);
  assert.deepEqual(verdict.order, [history[0], history[2], history[1], history[3]]);
  const failed = notLinearizable["a read that missed a finished write"] ?? [];
  const [order, stuck] = [failed.slice(0, 2), failed.slice(2)];
  assert.deepEqual(linearize(sessionRules, failed), { linearizable: false, exhausted: true, order, stuck });
});

test("what really happened is linearizable, however long the operations seemed to take", async () => {
  const property = fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: "max" }), async (steps) =>
    assertLinearizable(await happened(steps)),
  );
  await fc.assert(property, { numRuns: 50 });
});

test("the search agrees with trying out every order", async () => {
  const verdicts = { true: 0, false: 0 };
  const swapped = fc.tuple(fc.nat(), fc.nat());
  const property = fc.asyncProperty(fc.array(step, { maxLength: 6 }), swapped, async (steps, [to, from]) => {
    const history = await happened(steps);
    const answer = history[from % history.length]?.answer;
    const changed = history.map((operation, index) =>
      index === to % history.length && operation.returnedAt && answer ? { ...operation, answer } : operation,
    );
    const expected = triedOut(sessionRules.initial, changed);
    assert.equal(linearize(sessionRules, changed).linearizable, expected);
    verdicts[`${expected}`] += 1;
  });
  await fc.assert(property, { numRuns: 1000 });
  assert.ok(verdicts.true > 100 && verdicts.false > 100, JSON.stringify(verdicts));
});

test("a long history, a good many of whose answers are missing, is found to be linearizable", async () => {
  const steps = fc.sample(fc.array(step, { minLength: 1000, maxLength: 1000, size: "max" }), { numRuns: 1, seed: 1 });
  assertLinearizable(await happened(steps[0] ?? []));
});

/** One operation: what it asks, how long before it happens it was called, and how long after that it was answered. */
const step = fc.record({
  type: fc.constantFrom("read", "write", "write", "write", "write", "create", "cancel"),
  age: fc.constantFrom(0, 0, 0, 1, 2),
  payload: fc.constantFrom("x", "y"),
  transactionId: fc.constantFrom(undefined, undefined, "m1", "m2"),
  passes: fc.constantFrom(0, 0, 0, 0, 0, 50),
  called: fc.nat(25),
  answered: fc.option(fc.nat(25), { freq: 20, nil: undefined }),
});
type StepOf<T> = T extends fc.Arbitrary<infer Step> ? Step : never;

/** The history of steps that happened one every ten ticks, as it looks to callers who waited longer than that. */
async function happened(steps: readonly StepOf<typeof step>[]): Promise<SessionOperation[]> {
  const history = new History();
  const store = history.record(memoryStore());
  const tokens = ["t"];
  let now = 0;
  for (const [index, { type, age, payload, transactionId, passes }] of steps.entries()) {
    now += passes;
    const next = `t${index}`;
    const admission = { owner: "alice", maxSessions: 1, maxSessionsPerOwner: 1, whenFull: "reject" } as const;
    const session = { sequenceToken: next, payload: bytesOf(payload), expiresAt: now + 100 };
    const write = {
      expectedToken: tokens.at(-1 - age) ?? "t",
      nextToken: next,
      payload: bytesOf(payload),
      transactionId,
    };
    if (type === "read") await store.read("id", now);
    if (type === "cancel") await store.cancel("id", now);
    if (type === "create" && (await store.create("id", session, admission, now)).type === "created") tokens.push(next);
    if (type === "write" && (await store.write("id", write, now)).type === "written") tokens.push(next);
  }
  return history.of("id").map(({ returnedAt: _, answer, ...operation }, index) => {
    const { called = 0, answered } = steps[index] ?? {};
    const at = 10 * index;
    const unanswered = { ...operation, calledAt: at - called };
    return answered === undefined ? unanswered : { ...unanswered, returnedAt: at + answered + 1, answer };
  });
}

/** Whether any order explains the answers, by trying out all of them. */
function triedOut(state: typeof sessionRules.initial, left: readonly SessionOperation[]): boolean {
  if (left.every((operation) => operation.returnedAt === undefined)) return true;
  return left.some((operation) => {
    const others = left.filter((other) => other !== operation);
    if (others.some(({ returnedAt }) => returnedAt !== undefined && returnedAt < operation.calledAt)) return false;
    return sessionRules.next(state, operation).some((after) => triedOut(after, others));
  });
}
