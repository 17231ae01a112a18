import assert from "node:assert/strict";
import { insured, type RateLimiter, tokenBuckets } from "@matrix-rendezvous/http/limits";
import { test } from "@matrix-rendezvous/testkit/runner";
import { inTime } from "./clock.ts";

async function taken(limiter: RateLimiter, owner: string, times: number): Promise<number> {
  let count = 0;
  for (let i = 0; i < times; i += 1) if ((await limiter.take(owner)).ok) count += 1;
  return count;
}

test("so many at once, and then so many a second", () =>
  inTime(async (pass) => {
    const limiter = tokenBuckets({ perSecond: 0.5, burstCount: 3 });
    assert.equal(await taken(limiter, "alice", 5), 3);
    assert.deepEqual(await limiter.take("alice"), { ok: false, retryAfterMs: 2_000 });
    pass(1_500);
    assert.deepEqual(await limiter.take("alice"), { ok: false, retryAfterMs: 500 });
    pass(500);
    assert.equal(await taken(limiter, "alice", 2), 1);
    pass(3_600_000);
    assert.equal(await taken(limiter, "alice", 5), 3);
  }));

test("an owner's flood takes nothing from another", () =>
  inTime(async () => {
    const limiter = tokenBuckets({ perSecond: 1, burstCount: 2 });
    await taken(limiter, "mallory", 1_000);
    assert.equal(await taken(limiter, "alice", 5), 2);
  }));

test("of owners beyond the most that are remembered, the least recently seen is forgotten", () =>
  inTime(async () => {
    const limiter = tokenBuckets({ perSecond: 1, burstCount: 1, maxOwners: 2 });
    for (const owner of ["alice", "bob", "alice", "carol"]) await limiter.take(owner);
    assert.equal((await limiter.take("alice")).ok, false);
    assert.equal((await limiter.take("bob")).ok, true);
  }));

test("values out of their bounds are refused", () => {
  for (const perSecond of [0, -1, Number.NaN, Infinity]) {
    assert.throws(() => tokenBuckets({ perSecond, burstCount: 1 }), RangeError);
  }
  for (const burstCount of [0, 1.5, Infinity]) {
    assert.throws(() => tokenBuckets({ perSecond: 1, burstCount }), RangeError);
  }
});

test("where the shared limiter fails, requests are counted here, and the failure is told", async () => {
  const failures: unknown[] = [];
  const gone = new Error("gone");
  const limiter = insured(
    { take: () => Promise.reject(gone) },
    tokenBuckets({ perSecond: 0.001, burstCount: 2 }),
    (error) => failures.push(error),
  );
  assert.equal(await taken(limiter, "alice", 3), 2);
  assert.deepEqual(failures, [gone, gone, gone]);
});
