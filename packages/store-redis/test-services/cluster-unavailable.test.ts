import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
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
import { type Proxy as Link, startProxy } from "./proxy.ts";
import { type Server, startCluster, startMoving } from "./servers.ts";

const IDS = Array.from({ length: 30 }, (_, index) => `id-${index}`);

type Nodes = readonly [Server, Server, Server];
type Open = (timeoutMs?: number) => Promise<RendezvousStore>;

/** Runs `body` on a cluster of its own, that forgets nothing when killed, and does not wait for a busy disk. */
async function withCluster(body: (nodes: Nodes, open: Open) => Promise<void>): Promise<void> {
  const nodes = await startCluster(["appendonly yes", "appendfsync no", "cluster-require-full-coverage no"]);
  const opened: RendezvousStore[] = [];
  const url = `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;
  try {
    await body(nodes, async (timeoutMs = TIMEOUT_MS) => {
      const store = await openRedisStore(url, { timeoutMs });
      opened.push(store);
      return store;
    });
  } finally {
    await Promise.all(opened.map((store) => store.close()));
    await Promise.all(nodes.map((node) => node.stop()));
  }
}

test("a node of a cluster that is gone takes its sessions with it, and brings them back", () =>
  withCluster(async (nodes, open) => {
    const store = await open();
    for (const id of IDS) await start(store, id, id);
    await nodes[0].kill();
    const since = performance.now();
    const outcomes = await Promise.allSettled(IDS.map((id) => tokenOf(store, id)));
    assert.ok(performance.now() - since < TIMEOUT_MS + SLACK_MS);
    assert.ok(outcomes.some(({ status }) => status === "fulfilled"));
    const refused = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.ok(refused.length > 0);
    for (const { reason } of refused) assert.ok(reason instanceof StoreUnavailableError, String(reason));
    await nodes[0].restart();
    for (const id of IDS) await recovery(() => store.write(id, writing("first", "second"), NOW), 20_000);
    for (const id of IDS) assert.equal(await tokenOf(store, id), "second");
  }));

test("a cluster that is gone is told at once, nothing is kept to be done later, and its return is noticed", () =>
  withCluster(async (nodes, open) => {
    const store = await open(20_000);
    for (const id of IDS) await start(store, id, id);
    await Promise.all(nodes.map((node) => node.kill()));
    await assertUnavailable(store, 0);
    await assertUnavailable(store, 0);
    await Promise.all(nodes.map((node) => node.restart()));
    for (const id of [...IDS, "other"]) await recovery(() => store.read(id, NOW), 20_000);
    for (const id of IDS) assert.equal(await tokenOf(store, id), "first");
    assert.equal(await tokenOf(store, "other"), "absent");
  }));

test("a creation that finds half of its cluster gone leaves no place taken", () =>
  withCluster(async (nodes, open) => {
    const store = await open();
    const nodeOf = async (key: string) =>
      nodes[Math.floor((Number(await nodes[0].run("cluster", "keyslot", key)) * 3) / 16_384)];
    const gone = await nodeOf("rendezvous:sessions");
    const owned = await Promise.all(
      IDS.map(async (id) => [`rendezvous:owner:${id}`, await nodeOf(`rendezvous:owner:${id}`)] as const),
    );
    await gone?.kill();
    for (const id of IDS) await assert.rejects(start(store, id, id), StoreUnavailableError);
    const reachable = owned.filter(([, node]) => node !== gone);
    assert.ok(reachable.length > 0);
    for (const [ledger, node] of reachable) while ((await node?.run("zcard", ledger)) !== 0) await pause(10);
  }));

/** A store that reaches each node through a proxy. */
async function behindProxies(nodes: Nodes): Promise<{ readonly store: RendezvousStore; readonly proxies: Link[] }> {
  const proxies = await Promise.all(nodes.map((node) => startProxy(node.port)));
  for (const [index, node] of nodes.entries()) {
    await node.run("config", "set", "cluster-announce-bus-port", node.port + 10_000);
    await node.run("config", "set", "cluster-announce-port", proxies[index]?.port ?? 0);
  }
  // The nodes tell each other, and from then on clients, where the proxies are.
  const ports = proxies.map(({ port }) => port).toSorted();
  for (const node of nodes) {
    for (let told: number[] = []; String(told) !== String(ports); await pause(20)) {
      const ranges = (await node.run("cluster", "slots")) as [number, number, [string, number]][];
      told = ranges.map(([, , [, port]]) => port).toSorted();
    }
  }
  const store = await openRedisStore(`redis+cluster://127.0.0.1:${ports[0]}`, { timeoutMs: TIMEOUT_MS });
  return { store, proxies };
}

test("what a node carried out but did not answer is not asked again, but can be", () =>
  withCluster(async (nodes, open) => {
    const direct = await open();
    await start(direct, "id");
    const { store, proxies } = await behindProxies(nodes);
    const write = writing("first", "second");
    // The first use of a script is two commands, and this is to cut off the one that counts.
    await store.write("id", write, NOW + LIFETIME_MS);
    for (const proxy of proxies) proxy.cutNextAnswer();
    await assert.rejects(store.write("id", write, NOW), StoreUnavailableError);
    assert.equal(await tokenOf(direct, "id"), "second");
    const retry = await recovery(() => store.write("id", { ...write, nextToken: "retry" }, NOW));
    assert.ok(retry < SLACK_MS);
    assert.equal(await tokenOf(store, "id"), "second");
    await store.close();
    for (const proxy of proxies) proxy.close();
  }));

test("a place that was taken, but not answered for, is given back", () =>
  withCluster(async (nodes, open) => {
    const [direct, places] = [await open(), await open()];
    // The first use of a script is two commands, and this is to cut off the one that counts.
    for (const id of IDS) await start(direct, id, id);
    const { sessions } = await places.stats();
    const { store, proxies } = await behindProxies(nodes);
    const owner = "rendezvous:owner:somebody";
    const node = nodes[Math.floor((Number(await nodes[0].run("cluster", "keyslot", owner)) * 3) / 16_384)];
    for (const proxy of proxies) proxy.cutNextAnswer();
    await assert.rejects(start(store, "new", "somebody"), StoreUnavailableError);
    const patience = AbortSignal.timeout(10_000);
    while ((await node?.run("zcard", owner)) !== 0) {
      assert.ok(!patience.aborted, "the place is taken still");
      await pause(10);
    }
    assert.deepEqual(await places.stats(), { sessions });
    await store.close();
    for (const proxy of proxies) proxy.close();
  }));

test("a slot moves to a node that is gone: who asks is told, and nothing else fails", () =>
  withCluster(async (nodes, open) => {
    const store = await open();
    const slot = Number(await nodes[0].run("cluster", "keyslot", "rendezvous:session:id"));
    const { target } = await startMoving(nodes, slot);
    assert.equal(await tokenOf(store, "id"), "absent");
    await target.kill();
    for (let count = 0; count < 3; count += 1) await assert.rejects(store.read("id", NOW), StoreUnavailableError);
  }));

test("closing waits for creations that are half done", () =>
  withCluster(async (_, open) => {
    const [store, other] = [await open(), await open()];
    const started = Promise.all(IDS.map((id) => start(store, id, id)));
    await store.close();
    await started;
    for (const id of IDS) assert.equal(await tokenOf(other, id), "first");
  }));
