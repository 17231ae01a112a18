import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openRedisStore } from "../src/index.ts";
import { LIFETIME_MS, NOW, SLACK_MS, start, TIMEOUT_MS, writing } from "./client.ts";
import { startProxy } from "./proxy.ts";
import { Server, startCluster, startMoving } from "./servers.ts";

/** Ends a test whose watch nothing wakes. In milliseconds. */
const GIVE_UP_AFTER_MS = 20_000;
/** How soon a connection that swallows everything is given up: after the next ping, and the time for its answer. */
const SILENCE_MS = 2000 + TIMEOUT_MS + SLACK_MS;

async function woken(store: RendezvousStore, id: string, token = "first"): Promise<void> {
  const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
  await store.watch?.(id, token, signal);
  assert.ok(!signal.aborted, "nothing woke the watch");
}

/** The names of the channels that somebody hears, once there are that many. */
async function channelsOf(server: Server, count: number): Promise<string[]> {
  for (;;) {
    const channels = (await server.run("pubsub", "channels")) as string[];
    if (channels.length === count) return channels;
    await pause(5);
  }
}

async function listeners(server: Server): Promise<number> {
  return String(await server.run("client", "list", "type", "pubsub")).match(/^id=/gm)?.length ?? 0;
}

async function withServer(body: (server: Server, stores: RendezvousStore[]) => Promise<void>): Promise<void> {
  const server = await Server.start();
  const stores = await Promise.all([openRedisStore(server.url), openRedisStore(server.url)]);
  try {
    for (const id of ["one", "two", "three"]) await start(stores[0], id);
    await body(server, stores);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
    await server.stop();
  }
}

test("one connection hears for all who wait, opened with the first, on channels whose names tell no ID", () =>
  withServer(async (server, [store, other]) => {
    assert.ok(store && other);
    assert.equal(await listeners(server), 0);
    const watching = ["one", "one", "two", "three"].map((id) => woken(store, id));
    const channels = await channelsOf(server, 3);
    assert.equal(await listeners(server), 1);
    for (const channel of channels) assert.match(channel, /^rendezvous:changed:[\da-f]{40}$/);
    await other.write("one", writing("first", "second"), NOW);
    await Promise.all(watching.slice(0, 2));
    await channelsOf(server, 2);
    await other.cancel("two", NOW);
    await other.write("three", writing("first", "second"), NOW);
    await Promise.all(watching);
    await channelsOf(server, 0);
    await other.write("one", writing("second", "third"), NOW);
  }));

test("an eviction wakes who has waited for a while", () =>
  withServer(async (server, [store, other]) => {
    const watching = Promise.race(["one", "two", "three"].map((id) => woken(store as RendezvousStore, id)));
    await channelsOf(server, 3);
    const session = { payload: new Uint8Array(), sequenceToken: "first", expiresAt: NOW + LIFETIME_MS };
    const admission = { owner: "bob", maxSessions: 3, maxSessionsPerOwner: 3, whenFull: "evict-oldest" } as const;
    assert.deepEqual(await other?.create("four", session, admission, NOW), { type: "created" });
    await watching;
    await channelsOf(server, 2);
  }));

test("a lost connection wakes all who heard over it, and the next who waits has another one", () =>
  withServer(async (server, [store, other]) => {
    assert.ok(store && other);
    for (let round = 0; round < 3; round += 1) {
      const watching = ["one", "two"].map((id) => woken(store, id));
      await channelsOf(server, 2);
      await server.run("client", "kill", "type", "pubsub");
      await Promise.all(watching);
    }
    const watching = woken(store, "one");
    await channelsOf(server, 1);
    await other.write("one", writing("first", "second"), NOW);
    await watching;
  }));

test("a connection that swallows everything does not keep anybody waiting for ever", () =>
  withServer(async (server, [direct]) => {
    const proxy = await startProxy(server.port);
    const store = await openRedisStore(`redis://127.0.0.1:${proxy.port}`, { timeoutMs: TIMEOUT_MS });
    await server.run("config", "resetstat");
    const watching = woken(store, "one");
    // It has asked for the token, and before it is answered what comes next, it knows that it has to wait.
    while (!/cmdstat_hget:/.test(String(await server.run("info", "commandstats")))) await pause(5);
    await store.stats();
    const since = performance.now();
    proxy.swallow();
    await direct?.write("one", writing("first", "second"), NOW);
    await watching;
    const passed = performance.now() - since;
    assert.ok(passed < SILENCE_MS, `it took ${passed} ms`);
    await store.close();
    proxy.close();
  }));

test("who no longer waits frees the channel, one that others wait on stays", () =>
  withServer(async (server, [store, other]) => {
    assert.ok(store && other);
    const controller = new AbortController();
    const aborted = ["one", "two"].map((id) => store.watch?.(id, "first", controller.signal));
    const watching = woken(store, "one");
    await channelsOf(server, 2);
    controller.abort();
    await Promise.all(aborted);
    await channelsOf(server, 1);
    await other.cancel("one", NOW);
    await watching;
    await channelsOf(server, 0);
  }));

test("closing ends every watch, and the connection", () =>
  withServer(async (server, [, other]) => {
    const store = await openRedisStore(server.url);
    const watching = ["one", "two"].map((id) => woken(store, id));
    await channelsOf(server, 2);
    await store.close();
    await Promise.all(watching);
    await channelsOf(server, 0);
    while ((await listeners(server)) > 0) await pause(5);
    await other?.cancel("one", NOW);
  }));

test("Redis Cluster: nothing is missed while a session moves, nor when the node that is heard goes", async () => {
  const nodes = await startCluster(["cluster-require-full-coverage no"]);
  const url = `redis+cluster://127.0.0.1:${nodes[0].port}`;
  const stores = await Promise.all([openRedisStore(url), openRedisStore(url)]);
  const [store, other] = stores;
  try {
    for (let round = 0; round < 10; round += 1) {
      const id = `moving-${round}`;
      await start(store, id);
      const slot = Number(await nodes[0].run("cluster", "keyslot", `rendezvous:session:${id}`));
      const { source, target, settle } = await startMoving(nodes, slot);
      let watching = woken(store, id);
      await other.write(id, writing("first", "second"), NOW);
      await watching;
      await source.run("migrate", "127.0.0.1", target.port, `rendezvous:session:${id}`, 0, 5000);
      watching = woken(store, id, "second");
      await other.write(id, writing("second", "third"), NOW);
      await watching;
      watching = woken(store, id, "third");
      await settle(target);
      await other.cancel(id, NOW);
      await watching;
    }
    const ids = Array.from({ length: 30 }, (_, index) => `id-${index}`);
    for (const id of ids) await start(other, id);
    const watching = ids.map((id) => woken(store, id));
    const heard = await Promise.all(nodes.map(listeners));
    assert.deepEqual(heard.toSorted(), [0, 0, 1]);
    await nodes[heard.indexOf(1)]?.kill();
    await Promise.all(watching);
  } finally {
    await Promise.all(stores.map((each) => each.close()));
    await Promise.all(nodes.map((node) => node.stop()));
  }
});
