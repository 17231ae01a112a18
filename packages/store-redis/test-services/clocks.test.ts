import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Admission, RendezvousStore } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openRedisStore } from "../src/index.ts";
import { bytes, LIFETIME_MS, NOW, start, tokenOf, writing } from "./client.ts";
import { Server } from "./servers.ts";

const server = await Server.start();

/** Runs `body` under a prefix of its own. */
async function withStore(body: (store: RendezvousStore, prefix: string) => Promise<void>): Promise<void> {
  const prefix = `${randomUUID()}:`;
  const store = await openRedisStore(`${server.url}?prefix=${prefix}`);
  try {
    await body(store, prefix);
  } finally {
    await store.close();
  }
}

/** Milliseconds that the server will keep a key; -1 for ever, -2 where there is none. */
async function remainingMs(key: string): Promise<number> {
  return Number(await server.run("pttl", key));
}

async function startAt(
  store: RendezvousStore,
  id: string,
  now: number,
  lifetimeMs: number,
  more: Partial<Admission> = {},
) {
  const session = { payload: bytes("hello"), sequenceToken: "first", expiresAt: now + lifetimeMs };
  const caps = { owner: "alice", maxSessions: 10, maxSessionsPerOwner: 10, whenFull: "reject" } as const;
  return await store.create(id, session, { ...caps, ...more }, now);
}

test("a server's clock that is years off keeps a session for as long as ours says", () =>
  withStore(async (store, prefix) => {
    for (const [id, now] of Object.entries({ past: 1_000_000_000_000, future: 4_000_000_000_000, zero: 0 })) {
      await startAt(store, id, now, LIFETIME_MS);
      assert.equal(await tokenOf(store, id, now + LIFETIME_MS - 1), "first");
      assert.equal(await tokenOf(store, id, now + LIFETIME_MS), "absent");
      const kept = await remainingMs(`${prefix}session:${id}`);
      assert.ok(kept > LIFETIME_MS - 60_000 && kept <= LIFETIME_MS, `${id}: ${kept} ms`);
    }
  }));

test("a client's clock that is slow does not bring back what the server let go", () =>
  withStore(async (store, prefix) => {
    await startAt(store, "id", NOW, 30);
    while ((await remainingMs(`${prefix}session:id`)) !== -2) await pause(5);
    assert.equal(await tokenOf(store, "id", NOW), "absent");
    assert.deepEqual(await store.write("id", writing("first", "second"), NOW), { type: "absent" });
    assert.deepEqual(await store.cancel("id", NOW), { type: "absent" });
  }));

test("a server's clock that is slow keeps nothing alive that has ended", () =>
  withStore(async (store, prefix) => {
    await start(store, "id");
    await store.write("id", writing("first", "second", "m1"), NOW);
    await server.run("persist", `${prefix}session:id`);
    const end = NOW + LIFETIME_MS;
    assert.equal(await tokenOf(store, "id", end), "absent");
    assert.deepEqual(await store.write("id", writing("second", "third"), end), { type: "absent" });
    assert.deepEqual(await store.write("id", writing("first", "second", "m1"), end), { type: "absent" });
    assert.deepEqual(await store.cancel("id", end), { type: "absent" });
    assert.deepEqual(await startAt(store, "id", end, LIFETIME_MS), { type: "created" });
    assert.equal(await tokenOf(store, "id", end), "first");
    assert.ok((await remainingMs(`${prefix}session:id`)) > 0);
  }));

test("a client whose clock is slow finds a session that ended for the others only until the server lets it go", () =>
  withStore(async (store, prefix) => {
    await startAt(store, "id", NOW, 1500);
    assert.equal(await tokenOf(store, "id", NOW + 1500), "absent");
    assert.equal(await tokenOf(store, "id", NOW), "first");
    while ((await remainingMs(`${prefix}session:id`)) !== -2) await pause(5);
    assert.equal(await tokenOf(store, "id", NOW), "absent");
  }));

test("no write makes the server keep a session longer", () =>
  withStore(async (store, prefix) => {
    await startAt(store, "id", NOW, 100_000);
    await store.write("id", writing("first", "second", "m1"), NOW + 90_000);
    await store.write("id", writing("second", "third"), NOW + 90_000);
    const kept = await remainingMs(`${prefix}session:id`);
    assert.ok(kept > 0 && kept <= 100_000, `${kept} ms`);
  }));

test("everything that is kept goes by itself, the ledgers with the last session in them", () =>
  withStore(async (store, prefix) => {
    await startAt(store, "long", NOW, 2000);
    await startAt(store, "short", NOW, 1500, { owner: "bob" });
    await store.write("long", writing("first", "second", "m1"), NOW);
    const keys = (await server.run("keys", `${prefix}*`)) as string[];
    const names = ["owner:alice", "owner:bob", "session:long", "session:short", "sessions"];
    assert.deepEqual(
      keys.toSorted(),
      names.map((name) => prefix + name),
    );
    for (const key of keys) {
      const [kept, limit] = [await remainingMs(key), /short|bob/.test(key) ? 1500 : 2000];
      assert.ok(kept > -1 && kept <= limit, `${key}: ${kept} ms`);
    }
    for (
      let left: unknown = keys;
      Array.isArray(left) && left.length > 0;
      left = await server.run("keys", `${prefix}*`)
    ) {
      await pause(20);
    }
  }));

test("places of sessions that never began, or vanished, are free once those would have ended", () =>
  withStore(async (store, prefix) => {
    const caps = { maxSessions: 3, maxSessionsPerOwner: 2 };
    const retryAt = NOW + 1000;
    for (const ledger of ["sessions", "owner:alice"]) await server.run("zadd", prefix + ledger, retryAt, "crashed");
    await startAt(store, "vanished", NOW, 2000, caps);
    await server.run("del", `${prefix}session:vanished`);
    assert.deepEqual(await startAt(store, "refused", NOW, 2000, caps), { type: "full", scope: "owner", retryAt });
    assert.deepEqual(await startAt(store, "hers", NOW, 2000, { ...caps, owner: "bob" }), { type: "created" });
    const total = { type: "full", scope: "total", retryAt };
    assert.deepEqual(await startAt(store, "refused", NOW, 2000, { ...caps, owner: "bob" }), total);
    assert.deepEqual(await startAt(store, "one", retryAt, 2000, caps), { type: "created" });
    assert.deepEqual(await startAt(store, "refused", retryAt, 2000, caps), {
      ...total,
      scope: "owner",
      retryAt: NOW + 2000,
    });
    assert.deepEqual(await startAt(store, "two", NOW + 2000, 2000, caps), { type: "created" });
  }));

test("evicting a session that vanished makes room all the same", () =>
  withStore(async (store, prefix) => {
    const caps = { maxSessions: 1, maxSessionsPerOwner: 1, whenFull: "evict-oldest" } as const;
    await startAt(store, "vanished", NOW, 2000, { ...caps, owner: "bob" });
    await server.run("del", `${prefix}session:vanished`);
    assert.deepEqual(await startAt(store, "next", NOW, 2000, caps), { type: "created" });
    assert.deepEqual(await store.stats(), { sessions: 1 });
  }));

test("evicting another owner's session frees that owner's place", () =>
  withStore(async (store) => {
    const caps = { maxSessions: 1, maxSessionsPerOwner: 1 };
    await startAt(store, "his", NOW, 2000, { ...caps, owner: "bob" });
    await startAt(store, "hers", NOW, 2000, { ...caps, whenFull: "evict-oldest" });
    assert.equal(await tokenOf(store, "his"), "absent");
    const more = { ...caps, maxSessions: 2, owner: "bob" };
    assert.deepEqual(await startAt(store, "next", NOW, 2000, more), { type: "created" });
  }));
