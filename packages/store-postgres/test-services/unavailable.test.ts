import assert from "node:assert/strict";
import { type RendezvousStore, StoreUnavailableError } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { freePort } from "../../../integration/src/program.ts";
import { openPostgresStore, type PostgresStoreOptions } from "../src/index.ts";
import { Network } from "./network.ts";
import { freshSchema, POSTGRES_URL, withClient } from "./server.ts";

/** How long an operation may take where it must give up, with the default time-out of 2,000 ms. */
const BOUND_MS = 2500;
const SESSION = { payload: new Uint8Array([1]), sequenceToken: "first", expiresAt: 1000 };
const ADMISSION = { owner: "alice", maxSessions: 10, maxSessionsPerOwner: 10, whenFull: "reject" } as const;
const WRITE = { expectedToken: "first", nextToken: "second", payload: new Uint8Array([2]) };

interface Scene {
  readonly network: Network;
  /** Reached through the network. */
  readonly store: RendezvousStore;
  /** The same sessions, not through the network. */
  readonly direct: RendezvousStore;
  readonly schema: string;
  /** Of the server, through the network. */
  readonly url: string;
}

function scene(name: string, body: (scene: Scene) => Promise<void>, options: PostgresStoreOptions = {}): void {
  test(name, async () => {
    const schema = freshSchema();
    const url = new URL(POSTGRES_URL);
    const network = await Network.start(Number(url.port || 5432));
    const direct = await openPostgresStore(POSTGRES_URL, { schema });
    url.host = `127.0.0.1:${network.port}`;
    const store = await openPostgresStore(url.href, { schema, ...options });
    try {
      await body({ network, store, direct, schema, url: url.href });
    } finally {
      await Promise.all([store.close(), direct.close()]);
      network.close();
      await withClient((client) => client.query(`drop schema ${schema} cascade`));
    }
  });
}

async function unavailable(operation: Promise<unknown>): Promise<void> {
  const started = performance.now();
  await assert.rejects(operation, StoreUnavailableError);
  const tookMs = performance.now() - started;
  assert.ok(tookMs < BOUND_MS, `it took ${tookMs} ms to say so`);
}

/** Resolves once somebody waits for a session. */
async function watched(s: Scene): Promise<void> {
  const marked = `select from ${s.schema}.sessions where watched`;
  await withClient(async (client) => {
    while ((await client.query(marked)).rowCount === 0);
  });
}

for (const state of ["silent", "down"] as const) {
  scene(`while the network is ${state}, every operation says so in time, and after it works again`, async (s) => {
    await s.store.create("id", SESSION, ADMISSION, 0);
    // So that several connections are there to break.
    await Promise.all(Array.from({ length: 5 }, () => s.store.read("id", 0)));
    const { signal } = new AbortController();
    const waiting = s.store.watch?.("id", "first", signal) ?? assert.fail("no watch");
    await watched(s);
    s.network.state = state;
    // More than there are connections: some wait for one.
    const reads = Array.from({ length: 20 }, () => s.store.read("id", 0));
    const others = [
      s.store.create("other", SESSION, ADMISSION, 0),
      s.store.write("id", WRITE, 0),
      s.store.cancel("id", 0),
      s.store.stats(),
      s.store.sweep(0),
      s.store.watch?.("id", "first", signal) ?? assert.fail("no watch"),
      waiting,
    ];
    await Promise.all([...reads, ...others].map(unavailable));
    await unavailable(s.store.read("id", 0));
    s.network.state = "up";
    assert.equal((await s.store.read("id", 0)).type, "found");
    assert.deepEqual(await s.direct.stats(), { sessions: 1 });
  });
}

scene("a store whose server is away can be closed", async (s) => {
  const store = await openPostgresStore(s.url, { schema: s.schema });
  await Promise.all([store.stats(), store.stats()]);
  s.network.state = "silent";
  const started = performance.now();
  const reading = unavailable(store.read("id", 0));
  await store.close();
  assert.ok(performance.now() - started < BOUND_MS);
  await reading;
});

scene("a write whose answer was lost is safe to send again", async (s) => {
  await s.direct.create("id", SESSION, ADMISSION, 0);
  await s.store.read("id", 0);
  s.network.state = "one-way";
  await unavailable(s.store.write("id", WRITE, 1));
  const revision = { sequenceToken: "second", modifiedAt: 1, expiresAt: 1000 };
  const read = await s.direct.read("id", 2);
  assert.equal(read.type === "found" && read.session.sequenceToken, "second");
  s.network.state = "up";
  assert.deepEqual(await s.store.write("id", { ...WRITE, nextToken: "third" }, 2), { type: "unchanged", revision });
});

scene(
  "a transaction whose answer was lost is answered when it is sent again, whatever was written since",
  async (s) => {
    await s.direct.create("id", SESSION, ADMISSION, 0);
    await s.store.read("id", 0);
    s.network.state = "one-way";
    const write = { ...WRITE, transactionId: "m1" };
    await unavailable(s.store.write("id", write, 1));
    await s.direct.write("id", { ...WRITE, expectedToken: "second", nextToken: "third" }, 2);
    s.network.state = "up";
    const revision = { sequenceToken: "second", modifiedAt: 2, expiresAt: 1000 };
    assert.deepEqual(await s.store.write("id", { ...write, nextToken: "fourth" }, 3), { type: "replayed", revision });
  },
);

scene("a creation and a cancellation whose answers were lost happened once", async (s) => {
  await s.store.stats();
  s.network.state = "one-way";
  await unavailable(s.store.create("id", SESSION, ADMISSION, 0));
  assert.deepEqual(await s.direct.stats(), { sessions: 1 });
  s.network.state = "up";
  assert.deepEqual(await s.store.create("id", SESSION, ADMISSION, 0), { type: "exists" });
  s.network.state = "one-way";
  await unavailable(s.store.cancel("id", 0));
  assert.deepEqual(await s.direct.stats(), { sessions: 0 });
  s.network.state = "up";
  assert.deepEqual(await s.store.cancel("id", 0), { type: "absent" });
});

scene(
  "a row that somebody holds stops nobody for longer than the time-out",
  async (s) => {
    await s.store.create("id", SESSION, ADMISSION, 0);
    await s.store.create("other", SESSION, ADMISSION, 0);
    await withClient(async (holder) => {
      await holder.query(`begin; select from ${s.schema}.sessions where id = 'id' for update`);
      const write = unavailable(s.store.write("id", WRITE, 0));
      // The one connection is busy with the write.
      const waiting = unavailable(s.store.read("other", 0));
      await Promise.all([write, waiting]);
      await holder.query("rollback");
    });
    assert.equal((await s.store.write("id", WRITE, 0)).type, "written");
    assert.equal((await s.store.read("other", 0)).type, "found");
  },
  { maxConnections: 1 },
);

scene("connections that the server closed while idle are replaced without anybody noticing", async (s) => {
  await Promise.all(Array.from({ length: 5 }, () => s.store.stats()));
  await withClient((client) =>
    client.query("select pg_terminate_backend(pid, 5000) from pg_stat_activity where query like $1", [`%${s.schema}%`]),
  );
  assert.deepEqual(await s.store.stats(), { sessions: 0 });
});

test("a server that is not there is named at the start, with the reason and without the password", async () => {
  const port = await freePort();
  const opening = openPostgresStore(`postgres://user:swordfish@127.0.0.1:${port}/sessions`);
  await assert.rejects(opening, (error: Error) => {
    assert.match(error.message, new RegExp(`PostgreSQL at 127\\.0\\.0\\.1:${port}, database sessions`));
    assert.match(error.message, /ECONNREFUSED/);
    assert.doesNotMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /swordfish/);
    return true;
  });
});
