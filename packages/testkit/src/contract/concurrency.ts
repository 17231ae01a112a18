import assert from "node:assert/strict";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import type { Answer } from "../answer.ts";
import type { Rules, Scenario } from "./scenario.ts";

const CALLERS = 16;
const ROUNDS = 5;

export const concurrency: Rules = {
  "of concurrent writers with one token exactly one wins, and the others are told its revision": async (s) => {
    let { id, token } = await s.start();
    for (let round = 0; round < ROUNDS; round += 1) {
      const answers = await atOnce(s, (through, n) =>
        s.write(id, { expected: token, payload: `${round}/${n}`, through }),
      );
      const [winner, ...losers] = bySuccess(answers, "written");
      for (const loser of losers) assert.deepEqual(loser, { ...winner, type: "conflict" });
      const { payload, ...current } = await s.read(id);
      assert.deepEqual(current, { ...winner, type: "found" });
      assert.equal(payload, `${round}/${answers.indexOf(winner)}`);
      token = winner.token ?? "";
    }
  },

  "of concurrent writers of the same data with one token exactly one wins, and the others are retries": async (s) => {
    const { id, token } = await s.start();
    const answers = await atOnce(s, (through) => s.write(id, { expected: token, payload: "same", through }));
    const [winner, ...others] = bySuccess(answers, "written");
    for (const other of others) assert.deepEqual(other, { ...winner, type: "unchanged" });
  },

  "a transaction that is sent several times at once is evaluated once": async (s) => {
    const { id, token } = await s.start();
    const request = { expected: token, payload: "two", transactionId: "m1" };
    const [winner, ...others] = bySuccess(
      await atOnce(s, (through) => s.write(id, { ...request, through })),
      "written",
    );
    for (const other of others) assert.deepEqual(other, { ...winner, type: "replayed" });
  },

  "of concurrent creations with one ID exactly one succeeds": async (s) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const id = `id-${round}`;
      const answers = await atOnce(s, (through, n) => s.create({ id, payload: `${n}`, through }));
      const [winner, ...others] = bySuccess(answers, "created");
      for (const other of others) assert.deepEqual(other, { type: "exists" });
      assert.equal((await s.read(id)).payload, `${answers.indexOf(winner)}`);
    }
    assert.deepEqual(await s.stats(), { sessions: ROUNDS });
  },

  "of concurrent cancellations exactly one succeeds": async (s) => {
    const { id } = await s.start({ maxSessions: 1 });
    const [, ...others] = bySuccess(await atOnce(s, (through) => s.cancel(id, through)), "cancelled");
    for (const other of others) assert.deepEqual(other, { type: "absent" });
    await s.start({ maxSessions: 1 });
    assert.equal((await s.create({ maxSessions: 1 })).scope, "total");
  },

  "concurrent creations fill the cap on all sessions, and never exceed it": async (s) => {
    const caps = { maxSessions: 5 };
    const answers = await atOnce(s, (through, n) => s.create({ ...caps, owner: `owner-${n}`, through }));
    assert.equal(answers.filter(({ type }) => type === "created").length, 5);
    assert.equal(answers.filter(({ scope }) => scope === "total").length, CALLERS - 5);
    assert.deepEqual(await s.stats(), { sessions: 5 });
  },

  "concurrent creations fill the cap on one owner's sessions, and never exceed it": async (s) => {
    const caps = { maxSessionsPerOwner: 3 };
    const answers = await atOnce(s, (through, n) =>
      s.create({ ...caps, owner: n % 2 === 0 ? "even" : "odd", through }),
    );
    assert.equal(answers.filter(({ type }) => type === "created").length, 6);
    assert.equal(answers.filter(({ scope }) => scope === "owner").length, CALLERS - 6);
  },

  "concurrent creations with evict-oldest never exceed the caps": async (s) => {
    const caps = { maxSessions: 5, maxSessionsPerOwner: 3, whenFull: "evict-oldest" } as const;
    await atOnce(s, (through, n) => s.start({ ...caps, owner: n % 4 === 0 ? "few" : "many", through }));
    const { sessions } = await s.stats();
    assert.ok(sessions <= 5, `${sessions} sessions`);
  },

  "concurrent sweeps remove each session once": async (s) => {
    await Promise.all(Array.from({ length: 10 }, () => s.start({ lifetimeMs: 60_000 })));
    s.passTo(s.now + 60_000);
    const removed = await atOnce(s, (through) => through.sweep(s.now));
    assert.equal(
      removed.reduce((sum, count) => sum + count, 0),
      10,
    );
    assert.deepEqual(await s.stats(), { sessions: 0 });
  },

  "what one handle did, every other handle sees": async (s) => {
    let { id, token } = await s.start();
    for (const through of [...s.handles, ...s.handles]) {
      const written = await s.write(id, { expected: token, transactionId: `m-${token}`, through });
      assert.equal(written.type, "written");
      for (const handle of s.handles)
        assert.deepEqual(
          { ...(await s.read(id, handle)), type: "written" },
          { ...written, payload: (await s.read(id)).payload },
        );
      token = written.token ?? "";
    }
    assert.deepEqual(await s.cancel(id, s.handles.at(-1)), { type: "cancelled" });
    for (const handle of s.handles) assert.deepEqual(await s.read(id, handle), { type: "absent" });
  },
};

/** Calls as many times at once, through the handles in turn. */
async function atOnce<T>(s: Scenario, call: (through: RendezvousStore, index: number) => Promise<T>): Promise<T[]> {
  const callers = Array.from({ length: CALLERS }, (_, index) => s.handles[index % s.handles.length] ?? s.handles[0]);
  return await Promise.all(callers.map(call));
}

/** The one answer of that type first, the others after it. */
function bySuccess(answers: readonly Answer[], type: Answer["type"]): [Answer, ...Answer[]] {
  const [winner, ...more] = answers.filter((answer) => answer.type === type);
  assert.ok(
    winner !== undefined && more.length === 0,
    `not exactly one was ${type}: ${answers.map((answer) => answer.type)}`,
  );
  return [winner, ...answers.filter((answer) => answer !== winner)];
}
