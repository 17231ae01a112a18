import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import type { Verdict } from "@matrix-rendezvous/http";
import { cachedVerifier } from "@matrix-rendezvous/http/verifiers";
import { test } from "@matrix-rendezvous/testkit/runner";

const ALICE: Verdict = { type: "user", userId: "@alice:example.org" };

/** A verifier that answers what it is told, and counts how often it is asked. */
function counting(answer: () => Promise<Verdict>): { asked: string[]; verify(token: string): Promise<Verdict> } {
  const asked: string[] = [];
  return {
    asked,
    verify(token) {
      asked.push(token);
      return answer();
    },
  };
}

test("a valid token is asked about again once its time has passed, and not before", async () => {
  let now = 1_000;
  const verifier = counting(async () => ALICE);
  const cached = cachedVerifier(verifier, { validMs: 500, now: () => now });
  for (const at of [1_000, 1_499, 1_500]) {
    now = at;
    assert.deepEqual(await cached.verify("token"), ALICE);
  }
  assert.equal(verifier.asked.length, 1);
  now = 1_501;
  await cached.verify("token");
  assert.equal(verifier.asked.length, 2);
});

test("an invalid token is remembered for its own, shorter time", async () => {
  let now = 1_000;
  const verifier = counting(async () => ({ type: "unknown" }));
  const cached = cachedVerifier(verifier, { validMs: 500, invalidMs: 10, now: () => now });
  await cached.verify("token");
  now = 1_010;
  await cached.verify("token");
  assert.equal(verifier.asked.length, 1);
  now = 1_011;
  await cached.verify("token");
  assert.equal(verifier.asked.length, 2);
});

test("one token at once is one question, two tokens are two", async () => {
  const gate = Promise.withResolvers<Verdict>();
  const verifier = counting(() => gate.promise);
  const cached = cachedVerifier(verifier);
  const verdicts = ["a", "a", "b", "a"].map((token) => cached.verify(token));
  gate.resolve(ALICE);
  assert.deepEqual(await Promise.all(verdicts), [ALICE, ALICE, ALICE, ALICE]);
  assert.deepEqual(verifier.asked.sort(), ["a", "b"]);
});

test("a failure is not remembered", async () => {
  let down = true;
  const verifier = counting(async () => {
    if (down) throw new Error("down");
    return ALICE;
  });
  const cached = cachedVerifier(verifier);
  await assert.rejects(cached.verify("token"), /down/);
  down = false;
  assert.deepEqual(await cached.verify("token"), ALICE);
});

test("a question that is pushed out of the cache before its answer is there is answered all the same", async () => {
  const gate = Promise.withResolvers<Verdict>();
  const verifier = counting(() => gate.promise);
  const cached = cachedVerifier(verifier, { maxTokens: 1 });
  const verdicts = Promise.all(["a", "b", "c"].map((token) => cached.verify(token)));
  while (verifier.asked.length < 3) await setImmediate();
  gate.resolve(ALICE);
  assert.deepEqual(await verdicts, [ALICE, ALICE, ALICE]);
});
