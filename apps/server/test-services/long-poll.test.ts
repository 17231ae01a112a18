import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { startCluster } from "../../../packages/store-redis/test-services/servers.ts";
import { withServers } from "../test/replicas.ts";
import type { ServerProcess } from "../test/server-process.ts";
import { ask, create, type Reply, type Slot, write } from "../test/sessions.ts";
import { MIXED, SHARED_STORES, type SharedStore, withStore } from "./stores.ts";

/** As long as a server holds a read: an answer that comes much sooner was not this running out. In milliseconds. */
const TIMEOUT_MS = 30_000;
/** How many may wait for one session at a server. */
const PLACES = 4;
const ROUNDS = 10;
/** What half of all answers must not take, in milliseconds, where changes are told; where they are looked for, 50 more. */
const TOLD_MS = 100;
const LOOKED_FOR_MS = 150;
/** What no answer must take, on a machine that is busy with something else. */
const SLOWEST_MS = 3000;
const LONG_POLL = "io.github.matrix-rendezvous.long_poll";

const nodes = await startCluster();
const CLUSTER: SharedStore = {
  name: "Redis Cluster",
  runtimes: MIXED,
  fresh: () => ({ url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`, remove: () => {} }),
};

function hold(url: string, { id, token }: Slot, signal?: AbortSignal): Promise<Reply> {
  return ask(url, "GET", `/${id}?since=${token}&timeout=${TIMEOUT_MS}`, undefined, signal);
}

/** Reads that a server holds. One too many is sent: its answer, which comes at once, shows that the others are waiting. */
async function fillPlaces(url: string, slot: Slot, signal?: AbortSignal): Promise<readonly Promise<Reply>[]> {
  const reads = Array.from({ length: PLACES + 1 }, () => hold(url, slot, signal));
  const turnedAway = await Promise.race(reads.map((read, index) => read.then(() => index)));
  assert.equal((await reads[turnedAway])?.body["sequence_token"], slot.token);
  return reads.filter((_, index) => index !== turnedAway);
}

/** How long after `change` was answered the last of the reads was, in milliseconds; each must come out as `expected`. */
async function delay(
  reads: readonly Promise<Reply>[],
  change: () => Promise<Reply>,
  expected: (reply: Reply, changed: Reply) => void,
): Promise<number> {
  const changed = await change();
  assert.equal(changed.status, 200);
  const since = performance.now();
  for (const reply of await Promise.all(reads)) expected(reply, changed);
  return performance.now() - since;
}

/** Each server's clients learn what another server's do. Gives the median delay in milliseconds. */
async function assertTold(servers: readonly ServerProcess[]): Promise<number> {
  const delays: number[] = [];
  for (let round = 0; round < ROUNDS * servers.length; round += 1) {
    const [here = "", there = ""] = [0, 1].map((next) => servers[(round + next) % servers.length]?.url);
    const slot = await create(there, "one");
    const written = await delay(
      await fillPlaces(here, slot),
      () => write(there, slot, "two"),
      ({ status, body }, changed) =>
        assert.deepEqual([status, body["data"], body["sequence_token"]], [200, "two", changed.body["sequence_token"]]),
    );
    const current = { ...slot, token: String((await ask(there, "GET", `/${slot.id}`)).body["sequence_token"]) };
    const cancelled = await delay(
      await fillPlaces(here, current),
      () => ask(there, "DELETE", `/${slot.id}`),
      ({ status }) => assert.equal(status, 404),
    );
    delays.push(written, cancelled);
  }
  delays.sort((a, b) => a - b);
  assert.ok(Number(delays.at(-1)) < SLOWEST_MS, `one took ${delays.at(-1)} ms`);
  return delays[delays.length >> 1] ?? Number.NaN;
}

/** Clients that hang up free their places: others get them, and are told. */
async function assertFreed(here: string, there: string): Promise<void> {
  const patience = AbortSignal.timeout(10_000);
  let slot = await create(there, "start");
  const controller = new AbortController();
  const hungUp = await fillPlaces(here, slot, controller.signal);
  controller.abort();
  await Promise.allSettled(hungUp);
  for (let freed = false; !freed; ) {
    assert.ok(!patience.aborted, "places stay taken");
    const reads = await fillPlaces(here, slot);
    const { body } = await write(there, slot, "next");
    slot = { ...slot, token: String(body["sequence_token"]) };
    // Who found no place was answered at once, with the token that there was before.
    freed = (await Promise.all(reads)).every((reply) => reply.body["sequence_token"] === slot.token);
  }
}

/** Who waits at a server that ends is answered. */
async function assertAnsweredAtTheEnd(server: ServerProcess, there: string): Promise<void> {
  const slot = await create(there, "start");
  const reads = await fillPlaces(server.url, slot);
  const since = performance.now();
  const ended = server.stop();
  for (const { status, body } of await Promise.all(reads)) {
    assert.deepEqual([status, body["sequence_token"]], [200, slot.token]);
  }
  assert.equal(await ended, 0);
  const passed = performance.now() - since;
  assert.ok(passed < SLOWEST_MS, `it took ${passed} ms`);
}

for (const store of [...SHARED_STORES, CLUSTER]) {
  const { name } = store;
  const runtimes = store.runtimes.slice(0, 3);
  const mostMs = /SQLite|Deno KV/.test(name) ? LOOKED_FOR_MS : TOLD_MS;

  test(`${name}: who waits at one server learns of a write and a cancellation at another`, () =>
    withStore(store, (url) =>
      withServers(runtimes, url, async (servers) => {
        for (const server of servers) {
          assert.deepEqual((await ask(server.url, "GET", "")).body[LONG_POLL], { max_timeout_ms: TIMEOUT_MS });
        }
        const median = await assertTold(servers);
        console.log(`${name}: told of ${2 * ROUNDS * servers.length} changes, after ${median.toFixed(1)} ms (median)`);
        assert.ok(median < mostMs, `half of the answers took more than ${median} ms`);
      }),
    ));

  test(`${name}: who hangs up frees its place, and who waits at a server that ends is answered`, () =>
    withStore(store, (url) =>
      withServers(runtimes, url, async (servers) => {
        const [first] = servers;
        assert.ok(first);
        for (const [index, { url }] of servers.entries()) {
          await assertFreed(url, servers[(index + 1) % servers.length]?.url ?? "");
        }
        // The first is the last that ends, so that there is always another one.
        for (const server of servers.slice(1)) await assertAnsweredAtTheEnd(server, first.url);
        await assertAnsweredAtTheEnd(first, first.url);
      }),
    ));
}
