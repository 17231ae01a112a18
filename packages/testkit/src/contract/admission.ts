import assert from "node:assert/strict";
import { LIFETIME_MS, type Rules, START } from "./scenario.ts";

const [alice, bob, carol] = ["@alice:example.org", "@bob:example.org", "2001:db8:0:1::/64"];
const MINUTE_MS = 60_000;

export const admission: Rules = {
  "the cap on all sessions lets in as many as it says, and tells when a place is free": async (s) => {
    const caps = { maxSessions: 3 };
    await s.start({ ...caps, owner: alice, lifetimeMs: 4 * MINUTE_MS });
    await s.start({ ...caps, owner: bob, lifetimeMs: 2 * MINUTE_MS });
    await s.start({ ...caps, owner: carol, lifetimeMs: 3 * MINUTE_MS });
    const full = { type: "full", scope: "total", retryAt: START + 2 * MINUTE_MS };
    assert.deepEqual(await s.create({ ...caps, id: "refused", owner: bob }), full);
    assert.deepEqual(await s.read("refused"), { type: "absent" });
    assert.deepEqual(await s.stats(), { sessions: 3 });
    s.passTo(full.retryAt - 1);
    assert.deepEqual(await s.create({ ...caps, owner: bob }), full);
    s.passTo(full.retryAt);
    await s.start({ ...caps, id: "refused", owner: bob });
    assert.deepEqual(await s.create(caps), { ...full, retryAt: START + 3 * MINUTE_MS });
  },

  "the cap on one owner's sessions lets in as many as it says, and leaves other owners alone": async (s) => {
    const caps = { maxSessionsPerOwner: 2 };
    await s.start({ ...caps, owner: bob, lifetimeMs: MINUTE_MS });
    await s.start({ ...caps, owner: alice, lifetimeMs: 3 * MINUTE_MS });
    await s.start({ ...caps, owner: alice, lifetimeMs: 2 * MINUTE_MS });
    const full = { type: "full", scope: "owner", retryAt: START + 2 * MINUTE_MS };
    assert.deepEqual(await s.create({ ...caps, id: "refused", owner: alice }), full);
    assert.deepEqual(await s.read("refused"), { type: "absent" });
    await s.start({ ...caps, owner: bob });
    await s.start({ ...caps, owner: carol });
    s.passTo(full.retryAt - 1);
    assert.deepEqual(await s.create({ ...caps, owner: alice }), full);
    s.passTo(full.retryAt);
    await s.start({ ...caps, id: "refused", owner: alice });
  },

  "where both caps are reached, the owner's is named": async (s) => {
    const caps = { maxSessions: 2, maxSessionsPerOwner: 1 };
    await s.start({ ...caps, owner: alice, lifetimeMs: 2 * MINUTE_MS });
    await s.start({ ...caps, owner: bob, lifetimeMs: 3 * MINUTE_MS });
    const retryAt = START + 3 * MINUTE_MS;
    assert.deepEqual(await s.create({ ...caps, owner: bob }), { type: "full", scope: "owner", retryAt });
    const total = { type: "full", scope: "total", retryAt: START + 2 * MINUTE_MS };
    assert.deepEqual(await s.create({ ...caps, owner: carol }), total);
  },

  "caps of 1 and no caps at all": async (s) => {
    const one = { maxSessions: 1, maxSessionsPerOwner: 1 };
    await s.start(one);
    assert.equal((await s.create(one)).type, "full");
    for (let count = 0; count < 30; count += 1) {
      await s.start({ maxSessions: Infinity, maxSessionsPerOwner: Infinity });
    }
    assert.deepEqual(await s.stats(), { sessions: 31 });
  },

  "a creation that is turned away costs no live session": async (s) => {
    const caps = { maxSessions: 3, maxSessionsPerOwner: 2 };
    const live = [await s.start({ ...caps, owner: alice }), await s.start({ ...caps, owner: alice })];
    live.push(await s.start({ ...caps, owner: bob }));
    for (const owner of [alice, bob, carol]) assert.equal((await s.create({ ...caps, owner })).type, "full");
    for (const { id, token } of live) {
      assert.equal((await s.read(id)).token, token);
      assert.equal((await s.write(id, { expected: token })).type, "written");
    }
  },

  "an ID in use is told before a cap that is reached": async (s) => {
    const caps = { maxSessions: 1, maxSessionsPerOwner: 1 };
    const { id } = await s.start(caps);
    assert.deepEqual(await s.create({ ...caps, id }), { type: "exists" });
    assert.deepEqual(await s.create({ ...caps, id, whenFull: "evict-oldest" }), { type: "exists" });
    assert.equal((await s.read(id)).type, "found");
  },

  "what was refused takes no place": async (s) => {
    const caps = { maxSessions: 2, maxSessionsPerOwner: 1 };
    const { id } = await s.start({ ...caps, owner: alice });
    for (let count = 0; count < 5; count += 1) {
      assert.deepEqual(await s.create({ ...caps, id, owner: bob }), { type: "exists" });
      assert.equal((await s.create({ ...caps, owner: alice })).type, "full");
    }
    await s.start({ ...caps, owner: bob });
  },

  "a cancelled session frees its place": async (s) => {
    const caps = { maxSessions: 2, maxSessionsPerOwner: 1 };
    for (let count = 0; count < 5; count += 1) {
      const [first, second] = [await s.start({ ...caps, owner: alice }), await s.start({ ...caps, owner: bob })];
      assert.equal((await s.create({ ...caps, owner: alice })).scope, "owner");
      assert.equal((await s.create({ ...caps, owner: carol })).scope, "total");
      await s.cancel(first.id);
      await s.cancel(first.id);
      await s.cancel(second.id);
    }
    assert.deepEqual(await s.stats(), { sessions: 0 });
  },

  "an expired session takes no place, though nothing swept it": async (s) => {
    const caps = { maxSessions: 3, maxSessionsPerOwner: 2 };
    for (let round = 0; round < 3; round += 1) {
      await s.start({ ...caps, owner: alice });
      await s.start({ ...caps, owner: alice });
      await s.start({ ...caps, owner: bob });
      assert.equal((await s.create({ ...caps, owner: alice })).scope, "owner");
      assert.equal((await s.create({ ...caps, owner: carol })).scope, "total");
      s.passTo(s.now + LIFETIME_MS);
    }
  },

  "any number of expired sessions takes no place, under lower caps too": async (s) => {
    for (let count = 0; count < 20; count += 1) await s.start({ owner: count % 2 === 0 ? alice : bob });
    s.passTo(START + LIFETIME_MS);
    const caps = { maxSessions: 2, maxSessionsPerOwner: 1 };
    const { id } = await s.start({ ...caps, owner: alice });
    assert.equal((await s.create({ ...caps, owner: alice })).scope, "owner");
    await s.start({ ...caps, owner: bob });
    assert.equal((await s.create({ ...caps, owner: carol })).scope, "total");
    assert.equal((await s.read(id)).type, "found");
  },

  "an expired session frees its owner's place, whoever uses its ID next": async (s) => {
    const caps = { maxSessions: 2, maxSessionsPerOwner: 1 };
    await s.start({ ...caps, id: "id", owner: alice });
    s.passTo(START + LIFETIME_MS);
    await s.start({ ...caps, id: "id", owner: bob });
    await s.start({ ...caps, owner: alice });
    assert.equal((await s.create({ ...caps, owner: bob })).scope, "owner");
    assert.equal((await s.create({ ...caps, owner: carol })).scope, "total");
  },

  "owners are compared exactly, up to their full length": async (s) => {
    const long = "@".repeat(512);
    const owners = [
      "a",
      "A",
      "a ",
      "%",
      "_",
      "'",
      "é",
      "e\u0301",
      "🜁",
      "::1",
      "__proto__",
      "constructor",
      long,
      long.slice(1),
    ];
    for (const owner of owners) await s.start({ owner, maxSessionsPerOwner: 1 });
    for (const owner of owners) assert.equal((await s.create({ owner, maxSessionsPerOwner: 1 })).scope, "owner");
  },
};
