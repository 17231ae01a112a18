import assert from "node:assert/strict";
import { type Creation, LIFETIME_MS, type Rules, type Scenario, START } from "./scenario.ts";

const [alice, bob, carol] = ["@alice:example.org", "@bob:example.org", "@carol:example.org"];
const MINUTE_MS = 60_000;
const whenFull = "evict-oldest";

export const eviction: Rules = {
  "evict-oldest ends the session that would expire first": async (s) => {
    const caps: Creation = { maxSessions: 3, whenFull };
    const [late, early, middle] = await startEach(
      s,
      [4, 2, 3].map((minutes) => ({ ...caps, minutes })),
    );
    const next = await s.start({ ...caps, owner: bob });
    assert.deepEqual(await live(s, [late, early, middle, next.id]), [true, false, true, true]);
    await s.start({ ...caps, owner: carol });
    assert.deepEqual(await live(s, [late, middle, next.id]), [true, false, true]);
    assert.deepEqual(await s.stats(), { sessions: 3 });
  },

  "evict-oldest ends a session of the same owner where that owner's share is full": async (s) => {
    const caps: Creation = { maxSessions: 4, maxSessionsPerOwner: 2, whenFull };
    const [hers, first, second] = await startEach(s, [
      { ...caps, owner: bob, minutes: 1 },
      { ...caps, owner: alice, minutes: 3 },
      { ...caps, owner: alice, minutes: 2 },
    ]);
    const third = await s.start({ ...caps, owner: alice });
    assert.deepEqual(await live(s, [hers, first, second, third.id]), [true, true, false, true]);
    assert.deepEqual(await s.stats(), { sessions: 3 });
  },

  "evict-oldest ends one session of the owner where both caps are reached": async (s) => {
    const caps: Creation = { maxSessions: 2, maxSessionsPerOwner: 1, whenFull };
    const [hers, his] = await startEach(s, [
      { ...caps, owner: alice, minutes: 1 },
      { ...caps, owner: bob, minutes: 2 },
    ]);
    const next = await s.start({ ...caps, owner: bob });
    assert.deepEqual(await live(s, [hers, his, next.id]), [true, false, true]);
  },

  "evict-oldest ends no live session while an expired one takes up room": async (s) => {
    const caps: Creation = { maxSessions: 2, maxSessionsPerOwner: 2, whenFull };
    const [, lasting] = await startEach(s, [
      { ...caps, owner: alice, minutes: 1 },
      { ...caps, owner: alice, minutes: 5 },
    ]);
    s.passTo(START + MINUTE_MS);
    const next = await s.start({ ...caps, owner: alice });
    assert.deepEqual(await live(s, [lasting, next.id]), [true, true]);
  },

  "evict-oldest frees the place in both caps, and leaves nothing to sweep": async (s) => {
    const caps: Creation = { maxSessions: 2, maxSessionsPerOwner: 1, whenFull };
    await s.start({ ...caps, owner: alice });
    for (let count = 0; count < 5; count += 1) {
      s.passTo(s.now + 1);
      await s.start({ ...caps, owner: bob });
    }
    assert.deepEqual(await s.stats(), { sessions: 2 });
    s.passTo(s.now + LIFETIME_MS);
    assert.deepEqual(await s.sweep(), [2]);
  },
};

async function startEach(s: Scenario, creations: readonly (Creation & { minutes: number })[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { minutes, ...creation } of creations) {
    ids.push((await s.start({ ...creation, lifetimeMs: minutes * MINUTE_MS })).id);
  }
  return ids;
}

async function live(s: Scenario, ids: readonly (string | undefined)[]): Promise<boolean[]> {
  return await Promise.all(ids.map(async (id) => (await s.read(id ?? "")).type === "found"));
}
