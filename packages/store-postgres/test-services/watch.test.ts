import assert from "node:assert/strict";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import type pg from "pg";
import { openPostgresStore } from "../src/index.ts";
import { freshSchema, POSTGRES_URL, withClient } from "./server.ts";

/** Ends a test whose watch nothing wakes. In milliseconds. */
const GIVE_UP_AFTER_MS = 20_000;
const ID = "a-session-whose-id-nobody-may-know";
const ADMISSION = { owner: "alice", maxSessions: 10, maxSessionsPerOwner: 10, whenFull: "reject" } as const;

interface Scene {
  readonly schema: string;
  readonly store: RendezvousStore;
  /** Another process's, as it were. */
  readonly other: RendezvousStore;
  /** The test's own connection, which listens to what the stores are told. */
  readonly client: pg.Client;
  readonly heard: (string | undefined)[];
}

function scene(name: string, body: (scene: Scene) => Promise<void>): void {
  test(name, async () => {
    const schema = freshSchema();
    const [store, other] = [
      await openPostgresStore(POSTGRES_URL, { schema }),
      await openPostgresStore(POSTGRES_URL, { schema }),
    ];
    const heard: (string | undefined)[] = [];
    await withClient(async (client) => {
      client.on("notification", ({ payload }) => heard.push(payload));
      await client.query(`listen ${schema}`);
      try {
        await create(store, ID);
        await body({ schema, store, other, client, heard });
      } finally {
        await Promise.all([store.close(), other.close()]);
        await client.query(`drop schema ${schema} cascade`);
      }
    });
  });
}

async function create(store: RendezvousStore, id: string): Promise<void> {
  const session = { payload: new Uint8Array(), sequenceToken: "0", expiresAt: 1000 };
  assert.deepEqual(await store.create(id, session, ADMISSION, 0), { type: "created" });
}

async function write(store: RendezvousStore, expectedToken: string, nextToken: string): Promise<void> {
  const answer = await store.write(ID, { expectedToken, nextToken, payload: new Uint8Array() }, 0);
  assert.equal(answer.type, "written");
}

/** Begins a watch, and resolves once it waits: once PostgreSQL has the mark of it. */
async function watch(
  s: Scene,
  store: RendezvousStore,
  token: string,
  signal: AbortSignal,
): Promise<{ done: Promise<void> }> {
  const done = store.watch?.(ID, token, signal) ?? assert.fail("no watch");
  const marked = `select from ${s.schema}.sessions where id = $1 and watched`;
  while ((await s.client.query(marked, [ID])).rowCount === 0);
  return { done };
}

async function pidsThatListen(s: Scene): Promise<number[]> {
  const text = "select pid from pg_stat_activity where query = $1 and pid <> pg_backend_pid()";
  return (await s.client.query(text, [`listen "${s.schema}"`])).rows.map(({ pid }) => pid);
}

scene("who waits in one process is woken by another one's write, with one connection for all who wait", async (s) => {
  const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  await create(s.store, "another");
  assert.deepEqual(await pidsThatListen(s), []);
  const waiting = [await watch(s, s.store, "0", signal), await watch(s, s.store, "0", signal)];
  const elsewhere = s.store.watch?.("another", "0", signal);
  assert.equal((await pidsThatListen(s)).length, 1);
  await write(s.other, "0", "1");
  await Promise.all(waiting.map(({ done }) => done));
  await s.other.cancel("another", 0);
  await elsewhere;
  assert.ok(!signal.aborted, "nothing woke a watch");
});

scene("a notification is sent for what is waited for alone, once for each change, and tells no ID", async (s) => {
  const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  await write(s.other, "0", "1");
  const { done } = await watch(s, s.store, "1", signal);
  await write(s.other, "1", "2");
  await done;
  await write(s.other, "2", "3");
  // What was committed before is told before the answer to this.
  await s.client.query("select");
  assert.equal(s.heard.length, 1);
  assert.match(s.heard[0] ?? "", /^[0-9a-f]{8}$/);
});

scene("a watch outlives its connection, and what was written meanwhile is not missed", async (s) => {
  const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  for (let round = 0; round < 10; round += 1) {
    const { done } = await watch(s, s.store, `${round}`, signal);
    const pids = await pidsThatListen(s);
    assert.equal(pids.length, 1);
    const ended = s.client.query("select pg_terminate_backend($1, 5000)", [pids[0]]);
    // In every other round after the connection was lost for certain, so that its notification reaches nobody.
    if (round % 2 === 0) await ended;
    await write(s.other, `${round}`, `${round + 1}`);
    await Promise.all([ended, done]);
  }
  assert.ok(!signal.aborted, "nothing woke the watch");
});

scene("a watch that was lost and found again is woken by what is written later", async (s) => {
  const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  const { done } = await watch(s, s.store, "0", signal);
  const [first] = await pidsThatListen(s);
  await s.client.query("select pg_terminate_backend($1, 5000)", [first]);
  let pids: number[];
  do pids = await pidsThatListen(s);
  while (pids.length === 0);
  assert.notEqual(pids[0], first);
  await write(s.other, "0", "1");
  await done;
  assert.ok(!signal.aborted, "nothing woke the watch");
});

scene("an aborted watch ends, whatever it waits for, and others go on", async (s) => {
  const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  const controller = new AbortController();
  const { done } = await watch(s, s.store, "0", controller.signal);
  const other = s.store.watch?.(ID, "0", signal);
  controller.abort();
  await done;
  const early = new AbortController();
  const asking = s.other.watch?.(ID, "0", early.signal);
  early.abort();
  await asking;
  await write(s.other, "0", "1");
  await other;
  assert.ok(!signal.aborted, "nothing woke the watch");
});

scene("closing ends every watch, one that only begins as well, and the connection that listens", async (s) => {
  const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  const open = () => openPostgresStore(POSTGRES_URL, { schema: s.schema });
  const [store, late] = [await open(), await open()];
  const { done } = await watch(s, store, "0", signal);
  const begins = late.watch?.(ID, "0", signal);
  await Promise.all([store.close(), late.close()]);
  await Promise.all([done, begins]);
  while ((await pidsThatListen(s)).length > 0) assert.ok(!signal.aborted, "the connection stays open");
  assert.ok(!signal.aborted, "a watch went on");
});
