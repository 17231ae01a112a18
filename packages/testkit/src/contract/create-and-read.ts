import assert from "node:assert/strict";
import { MAX_IDENTIFIER_LENGTH } from "@matrix-rendezvous/core";
import { LIFETIME_MS, type Rules, START } from "./scenario.ts";

export const createAndRead: Rules = {
  "a fresh store is empty": async (s) => {
    assert.deepEqual(await s.stats(), { sessions: 0 });
    assert.deepEqual(await s.sweep(), []);
    assert.deepEqual(await s.read("unknown"), { type: "absent" });
    assert.deepEqual(await s.write("unknown", { expected: "token" }), { type: "absent" });
    assert.deepEqual(await s.cancel("unknown"), { type: "absent" });
  },

  "a read gives what creation stored": async (s) => {
    await s.create({ id: "id", token: "first", payload: "hello" });
    s.passTo(START + 1000);
    const expected = {
      type: "found",
      token: "first",
      payload: "hello",
      modifiedAt: START,
      expiresAt: START + LIFETIME_MS,
    };
    assert.deepEqual(await s.read("id"), expected);
    assert.deepEqual(await s.read("id"), expected);
  },

  "an ID in use is refused, and its session left as it was": async (s) => {
    const { id, token } = await s.start({ payload: "mine" });
    s.passTo(START + 1000);
    assert.deepEqual(await s.create({ id, payload: "theirs", lifetimeMs: 2 * LIFETIME_MS }), { type: "exists" });
    const { type, payload, token: current, modifiedAt, expiresAt } = await s.read(id);
    assert.deepEqual([type, payload, current], ["found", "mine", token]);
    assert.deepEqual([modifiedAt, expiresAt], [START, START + LIFETIME_MS]);
    assert.deepEqual(await s.stats(), { sessions: 1 });
  },

  "cancelling ends a session for every command, and only that one": async (s) => {
    const { id, token } = await s.start();
    const other = await s.start();
    assert.deepEqual(await s.cancel(id), { type: "cancelled" });
    assert.deepEqual(await s.cancel(id), { type: "absent" });
    assert.deepEqual(await s.read(id), { type: "absent" });
    assert.deepEqual(await s.write(id, { expected: token }), { type: "absent" });
    assert.equal((await s.read(other.id)).type, "found");
    assert.deepEqual(await s.stats(), { sessions: 1 });
  },

  "an ID is free again once its session was cancelled, and nothing of that session is left": async (s) => {
    const old = await s.start({ id: "id", payload: "old" });
    await s.write("id", { expected: old.token, payload: "newer" });
    await s.cancel("id");
    s.passTo(START + 1000);
    const { token, expiresAt } = await s.start({ id: "id", payload: "new" });
    assert.deepEqual(await s.read("id"), { type: "found", token, payload: "new", modifiedAt: START + 1000, expiresAt });
    assert.equal((await s.write("id", { expected: old.token })).type, "conflict");
    s.passTo(old.expiresAt);
    assert.equal((await s.read("id")).type, "found");
    await s.sweep();
    assert.equal((await s.read("id")).type, "found");
  },

  "IDs and tokens are compared exactly, up to their full length": async (s) => {
    const long = "0123456789._~-ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
      .repeat(4)
      .slice(0, MAX_IDENTIFIER_LENGTH);
    const ids = [
      long,
      long.slice(0, -1),
      "id",
      "ID",
      "i_",
      "i-",
      "~",
      ".",
      "..",
      "__proto__",
      "constructor",
      "0",
      "00",
    ];
    for (const id of ids) await s.start({ id, token: `${id.slice(0, 250)}.tok`, payload: id });
    for (const id of ids) assert.equal((await s.read(id)).payload, id);
    assert.equal((await s.write("id", { expected: "ID.tok" })).type, "conflict");
    assert.equal((await s.write("id", { expected: "id.to_" })).type, "conflict");
    const full = { token: long, id: `${long.slice(1)}0` };
    await s.start(full);
    assert.equal((await s.write(full.id, { expected: long.slice(0, -1) })).type, "conflict");
    assert.equal((await s.write(full.id, { expected: long, next: `${long.slice(1)}0` })).type, "written");
    assert.equal((await s.read(full.id)).token, `${long.slice(1)}0`);
  },
};
