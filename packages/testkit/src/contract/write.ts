import assert from "node:assert/strict";
import { LIFETIME_MS, type Rules, type Scenario, START } from "./scenario.ts";

export const write: Rules = {
  "a write with the current token replaces payload, token and time of change, and no more": async (s) => {
    const { id, token, expiresAt } = await s.start({ payload: "hello" });
    s.passTo(START + 1000);
    const revision = { token: "second", modifiedAt: START + 1000, expiresAt };
    assert.deepEqual(await s.write(id, { expected: token, next: "second", payload: "bye" }), {
      type: "written",
      ...revision,
    });
    assert.deepEqual(await s.read(id), { type: "found", payload: "bye", ...revision });
    assert.deepEqual(await s.stats(), { sessions: 1 });
  },

  "a write of identical data with the current token changes the token": async (s) => {
    const { id, token, expiresAt } = await s.start({ payload: "same" });
    s.passTo(START + 1);
    assert.equal((await s.write(id, { expected: token, next: "second", payload: "same" })).type, "written");
    assert.deepEqual(await s.read(id), {
      type: "found",
      payload: "same",
      token: "second",
      modifiedAt: START + 1,
      expiresAt,
    });
    assert.equal((await s.write(id, { expected: token, payload: "other" })).type, "conflict");
  },

  "tokens differ although data and time are the same": async (s) => {
    const { id, token } = await s.start({ payload: "same" });
    const seen = new Set([token]);
    for (let count = 0; count < 20; count += 1) {
      const answer = await s.write(id, { expected: [...seen].at(-1) ?? "", payload: "same" });
      assert.equal(answer.type, "written");
      seen.add(answer.token ?? "");
    }
    assert.equal(seen.size, 21);
  },

  "a write with any token but the current one is a conflict, and changes nothing": async (s) => {
    const session = await s.start({ payload: "one" });
    const { tokens, current } = await writeTwice(s, session);
    const other = await s.start();
    s.passTo(START + 5000);
    const { payload: _, ...revision } = current;
    const strange = ["", "foreign", `${tokens[2]}.`, "__proto__"];
    for (const expected of [tokens[0], tokens[1], other.token, ...strange]) {
      assert.deepEqual(await s.write(session.id, { expected, payload: "lost" }), { ...revision, type: "conflict" });
      assert.deepEqual(await s.read(session.id), current);
    }
    assert.equal((await s.write(session.id, { expected: tokens[2] })).type, "written");
  },

  "a write of the current data with any other token is a retry: the current revision, and nothing changes": async (
    s,
  ) => {
    const session = await s.start({ payload: "one" });
    const { tokens, current } = await writeTwice(s, session);
    s.passTo(START + 5000);
    const { payload: _, ...revision } = current;
    for (const expected of [tokens[1], tokens[0], "foreign", ""]) {
      const retry = { expected, payload: "three" };
      assert.deepEqual(await s.write(session.id, retry), { ...revision, type: "unchanged" });
      assert.deepEqual(await s.write(session.id, retry), { ...revision, type: "unchanged" });
      assert.deepEqual(await s.read(session.id), current);
    }
  },

  "data of an earlier revision is no retry": async (s) => {
    const session = await s.start({ payload: "one" });
    const { tokens, current } = await writeTwice(s, session);
    assert.equal((await s.write(session.id, { expected: tokens[0], payload: "one" })).type, "conflict");
    assert.equal((await s.write(session.id, { expected: tokens[0], payload: "two" })).type, "conflict");
    assert.deepEqual(await s.read(session.id), current);
  },

  "sessions do not touch each other": async (s) => {
    const [left, right] = [await s.start({ payload: "left" }), await s.start({ payload: "right" })];
    const before = await s.read(right.id);
    await s.write(left.id, { expected: left.token });
    await s.write(left.id, { expected: right.token });
    assert.deepEqual(await s.read(right.id), before);
  },
};

/** Writes "two" and "three", a second apart, and gives all three tokens and what a read gives then. */
async function writeTwice(s: Scenario, { id, token }: { id: string; token: string }) {
  s.passTo(START + 1000);
  await s.write(id, { expected: token, next: "second", payload: "two" });
  s.passTo(START + 2000);
  await s.write(id, { expected: "second", next: "third", payload: "three" });
  const revision = { token: "third", modifiedAt: START + 2000, expiresAt: START + LIFETIME_MS };
  const current = { type: "found", payload: "three", ...revision } as const;
  assert.deepEqual(await s.read(id), current);
  return { tokens: [token, "second", "third"] as const, current };
}
