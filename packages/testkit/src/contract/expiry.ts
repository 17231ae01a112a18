import assert from "node:assert/strict";
import { LIFETIME_MS, type Rules, START } from "./scenario.ts";

const END = START + LIFETIME_MS;

export const expiry: Rules = {
  "a session can be read to its last millisecond, and not from its end on": async (s) => {
    const { id } = await s.start();
    s.passTo(END - 1);
    assert.equal((await s.read(id)).type, "found");
    for (const now of [END, END + 1, END + LIFETIME_MS]) {
      s.passTo(now);
      assert.deepEqual(await s.read(id), { type: "absent" });
    }
  },

  "a session can be written to its last millisecond, and not from its end on": async (s) => {
    const { id, token } = await s.start({ payload: "same" });
    s.passTo(END - 1);
    assert.equal((await s.write(id, { expected: token, next: "second", payload: "same" })).type, "written");
    for (const now of [END, END + 1, END + LIFETIME_MS]) {
      s.passTo(now);
      assert.deepEqual(await s.write(id, { expected: "second" }), { type: "absent" });
      assert.deepEqual(await s.write(id, { expected: "stale", payload: "same" }), { type: "absent" });
    }
  },

  "a session can be cancelled to its last millisecond, and not from its end on": async (s) => {
    const [first, second] = [await s.start(), await s.start()];
    s.passTo(END - 1);
    assert.deepEqual(await s.cancel(first.id), { type: "cancelled" });
    s.passTo(END);
    assert.deepEqual(await s.cancel(second.id), { type: "absent" });
    s.passTo(END + 1);
    assert.deepEqual(await s.cancel(second.id), { type: "absent" });
  },

  "an ID is in use to the last millisecond of its session, and free from its end on": async (s) => {
    await s.start({ id: "id", token: "old", payload: "old" });
    s.passTo(END - 1);
    assert.deepEqual(await s.create({ id: "id" }), { type: "exists" });
    s.passTo(END);
    const { token, expiresAt } = await s.start({ id: "id", payload: "new" });
    assert.deepEqual(await s.read("id"), { type: "found", token, payload: "new", modifiedAt: END, expiresAt });
    assert.equal((await s.write("id", { expected: "old" })).type, "conflict");
    assert.equal((await s.stats()).sessions, 1);
    assert.deepEqual(await s.sweep(), []);
  },

  "an ID whose session expired among many is free, and its new session is not taken for the old one": async (s) => {
    const caps = { maxSessions: 30, maxSessionsPerOwner: 20 };
    for (let count = 0; count < 20; count += 1) await s.start({ ...caps, id: `id-${count}` });
    s.passTo(END);
    const { token } = await s.start({ ...caps, id: "id-19" });
    await s.sweep();
    assert.equal((await s.read("id-19")).token, token);
    assert.deepEqual(await s.stats(), { sessions: 1 });
    s.passTo(END + LIFETIME_MS);
    assert.deepEqual(await s.sweep(), [1]);
  },

  "a session that was swept away is gone for every command": async (s) => {
    const { id, token } = await s.start();
    s.passTo(END);
    assert.deepEqual(await s.sweep(), [1]);
    assert.deepEqual(await s.read(id), { type: "absent" });
    assert.deepEqual(await s.write(id, { expected: token }), { type: "absent" });
    assert.deepEqual(await s.cancel(id), { type: "absent" });
    await s.start({ id });
  },

  "neither a write nor a read extends a session": async (s) => {
    const { id, token, expiresAt } = await s.start();
    let current = token;
    for (let now = START; now < END; now += LIFETIME_MS / 10) {
      s.passTo(now);
      const written = await s.write(id, { expected: current });
      assert.deepEqual([written.type, written.expiresAt], ["written", expiresAt]);
      current = written.token ?? "";
      assert.equal((await s.read(id)).expiresAt, expiresAt);
    }
    s.passTo(END);
    assert.deepEqual(await s.read(id), { type: "absent" });
    assert.deepEqual(await s.sweep(), [1]);
  },

  "each session ends at its own time, whichever was created first": async (s) => {
    const lifetimes = [3, 1, 4, 2, 5].map((minutes) => minutes * 60_000);
    const sessions = await Promise.all(lifetimes.map((lifetimeMs) => s.start({ lifetimeMs })));
    for (const end of lifetimes.toSorted((left, right) => left - right)) {
      for (const now of [START + end - 1, START + end]) {
        s.passTo(now);
        for (const { id, expiresAt } of sessions) {
          assert.equal((await s.read(id)).type, now < expiresAt ? "found" : "absent");
        }
      }
      assert.deepEqual(await s.sweep(), [1]);
    }
  },
};
