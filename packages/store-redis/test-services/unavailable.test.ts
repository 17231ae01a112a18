import assert from "node:assert/strict";
import { type RendezvousStore, StoreUnavailableError } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openRedisStore } from "../src/index.ts";
import {
  assertUnavailable,
  LIFETIME_MS,
  NOW,
  recovery,
  SLACK_MS,
  start,
  TIMEOUT_MS,
  tokenOf,
  writing,
} from "./client.ts";
import { startProxy } from "./proxy.ts";
import { Server } from "./servers.ts";

type Body = (store: RendezvousStore, server: Server) => Promise<void>;

/** Runs `body` on a server of its own, that forgets nothing when killed, and does not wait for a busy disk. */
async function withServer(body: Body, timeoutMs = TIMEOUT_MS): Promise<void> {
  const server = await Server.start(["appendonly yes", "appendfsync no"]);
  const store = await openRedisStore(server.url, { timeoutMs });
  try {
    await start(store, "id");
    await body(store, server);
  } finally {
    await store.close();
    await server.stop();
  }
}

test("a server that is gone is told at once, nothing is kept to be done later, and its return is noticed", () =>
  withServer(async (store, server) => {
    await server.kill();
    await assertUnavailable(store, 0);
    await assertUnavailable(store, 0);
    await server.restart();
    await recovery(() => store.stats());
    assert.equal(await tokenOf(store, "id"), "first");
    assert.equal(await tokenOf(store, "other"), "absent");
    assert.equal((await store.write("id", writing("first", "second"), NOW)).type, "written");
  }, 20_000));

test("a server that was restarted between two operations forgot the scripts, and is told them again", () =>
  withServer(async (store, server) => {
    assert.equal((await store.write("id", writing("first", "second"), NOW)).type, "written");
    await server.run("script", "flush");
    assert.equal((await store.write("id", writing("second", "third"), NOW)).type, "written");
    await server.kill();
    await server.restart();
    await recovery(() => store.stats());
    assert.equal((await store.write("id", writing("third", "fourth"), NOW)).type, "written");
  }));

test("a server that hangs is given up in time, and used again when it goes on", () =>
  withServer(async (store, server) => {
    server.signal("SIGSTOP");
    await assertUnavailable(store);
    await assertUnavailable(store);
    server.signal("SIGCONT");
    await recovery(() => store.stats());
    assert.match(await tokenOf(store, "id"), /^(first|refused)$/);
  }));

test("a server that is told to pause is given up in time, and used again when it goes on", () =>
  withServer(async (store, server) => {
    await server.run("client", "pause", 2 * TIMEOUT_MS, "all");
    await assertUnavailable(store);
    await recovery(() => store.stats());
    assert.match(await tokenOf(store, "id"), /^(first|refused)$/);
  }));

test("a server without memory left refuses what is new, keeps what there is, and recovers", () =>
  withServer(async (store, server) => {
    await server.run("config", "set", "maxmemory-policy", "noeviction");
    await server.run("config", "set", "maxmemory", 1);
    await assert.rejects(start(store, "other"), /is unavailable: OOM/);
    assert.equal(await tokenOf(store, "id"), "first");
    await server.run("config", "set", "maxmemory", 0);
    await start(store, "other");
  }));

test("connections that swallow everything are given up, although they stay open", () =>
  withServer(async (_, server) => {
    const proxy = await startProxy(server.port);
    const store = await openRedisStore(`redis://127.0.0.1:${proxy.port}`, { timeoutMs: TIMEOUT_MS });
    proxy.swallow();
    await assertUnavailable(store);
    const afterMs = await recovery(() => store.stats());
    assert.ok(afterMs < TIMEOUT_MS + SLACK_MS, `it took ${afterMs} ms`);
    assert.equal(await tokenOf(store, "id"), "first");
    await store.close();
    proxy.close();
  }));

test("what was carried out but not answered can be asked again", () =>
  withServer(async (direct, server) => {
    const proxy = await startProxy(server.port);
    const store = await openRedisStore(`redis://127.0.0.1:${proxy.port}`, { timeoutMs: TIMEOUT_MS });
    const unanswered = async (operation: () => Promise<unknown>): Promise<void> => {
      proxy.cutNextAnswer();
      await assert.rejects(
        operation(),
        /^StoreUnavailableError: Redis at .* is unavailable: nothing listens there, or/,
      );
      await recovery(() => store.stats());
    };

    const write = writing("first", "second");
    // The first use of each script is two commands, and this is to cut off the one that counts.
    await store.write("unknown", write, NOW);
    await unanswered(() => store.write("id", write, NOW));
    const revision = { sequenceToken: "second", modifiedAt: NOW, expiresAt: NOW + LIFETIME_MS };
    assert.deepEqual(await store.write("id", { ...write, nextToken: "retry" }, NOW), { type: "unchanged", revision });

    const named = writing("second", "third", "m1");
    await unanswered(() => store.write("id", named, NOW));
    await direct.write("id", writing("third", "fourth"), NOW);
    const replay = await store.write("id", { ...named, nextToken: "retry" }, NOW);
    assert.deepEqual(replay, { type: "replayed", revision: { ...revision, sequenceToken: "third" } });

    await store.cancel("unknown", NOW);
    await unanswered(() => store.cancel("id", NOW));
    assert.deepEqual(await store.cancel("id", NOW), { type: "absent" });
    await unanswered(() => start(store, "created"));
    assert.equal(await tokenOf(store, "created"), "first");
    assert.deepEqual(await store.stats(), { sessions: 1 });
    await store.close();
    proxy.close();
  }));

test("closing waits for what is under way, and nothing can be asked after it", () =>
  withServer(async (_, server) => {
    const store = await openRedisStore(server.url);
    const started = Promise.all(Array.from({ length: 50 }, (_, index) => start(store, `last-${index}`)));
    await store.close();
    await started;
    await assert.rejects(store.stats(), StoreUnavailableError);
  }));
