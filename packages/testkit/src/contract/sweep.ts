import assert from "node:assert/strict";
import { LIFETIME_MS, type Rules, START } from "./scenario.ts";

/** Most sessions that one call of `sweep` may remove: a larger batch stalls what else the store is asked. */
const LARGEST_BATCH = 1000;

export const sweep: Rules = {
  "stats count live sessions, and expired ones until they are removed": async (s) => {
    const [first, , third] = [await s.start(), await s.start({ lifetimeMs: 60_000 }), await s.start()];
    assert.deepEqual(await s.stats(), { sessions: 3 });
    await s.write(first.id, { expected: first.token });
    assert.deepEqual(await s.stats(), { sessions: 3 });
    await s.cancel(third.id);
    assert.deepEqual(await s.stats(), { sessions: 2 });
    s.passTo(START + 60_000);
    assert.deepEqual(await s.stats(), { sessions: 2 });
    await s.sweep();
    assert.deepEqual(await s.stats(), { sessions: 1 });
  },

  "a sweep removes what has expired, and nothing that is live": async (s) => {
    const short = await s.start({ lifetimeMs: 60_000 });
    const long = await s.start({ lifetimeMs: 60_001 });
    s.passTo(START + 59_999);
    assert.deepEqual(await s.sweep(), []);
    s.passTo(START + 60_000);
    assert.deepEqual(await s.sweep(), [1]);
    assert.deepEqual(await s.sweep(), []);
    assert.deepEqual(await s.read(short.id), { type: "absent" });
    assert.equal((await s.write(long.id, { expected: long.token })).type, "written");
    s.passTo(START + 60_001);
    assert.deepEqual(await s.sweep(), [1]);
    assert.deepEqual(await s.stats(), { sessions: 0 });
  },

  "a cancelled session leaves nothing to sweep": async (s) => {
    const { id, token } = await s.start();
    await s.write(id, { expected: token, transactionId: "m1" });
    await s.cancel(id);
    s.passTo(START + LIFETIME_MS);
    assert.deepEqual(await s.sweep(), []);
    assert.deepEqual(await s.stats(), { sessions: 0 });
  },

  [`a sweep removes at most ${LARGEST_BATCH} sessions at once, and all of them in the end`]: async (s) => {
    const count = LARGEST_BATCH + 100;
    const tasks = Array.from({ length: count }, (_, index) => () => s.start({ owner: `owner-${index % 50}` }));
    while (tasks.length > 0) await Promise.all(tasks.splice(0, 20).map((task) => task()));
    const last = await s.start({ lifetimeMs: 2 * LIFETIME_MS });
    s.passTo(START + LIFETIME_MS);
    const removed = await s.sweep();
    assert.ok(Math.max(...removed) <= LARGEST_BATCH, `removed ${removed}`);
    assert.equal(
      removed.reduce((sum, batch) => sum + batch, 0),
      count,
    );
    assert.deepEqual(await s.stats(), { sessions: 1 });
    assert.equal((await s.read(last.id)).type, "found");
  },
};
