import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { StoreUnavailableError } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openRedisStore, type RedisStore, type SharedRateLimiter } from "../src/index.ts";
import { Server, startCluster } from "./servers.ts";

const LIMIT = { perSecond: 0.5, burstCount: 3 };

async function taken(limiter: SharedRateLimiter, owner: string, times: number): Promise<number> {
  const answers = await Promise.all(Array.from({ length: times }, () => limiter.take(owner)));
  return answers.filter(({ ok }) => ok).length;
}

/** Two handles on one store, as two processes have them. */
async function withHandles(url: string, use: (one: RedisStore, other: RedisStore) => Promise<void>): Promise<void> {
  const prefixed = `${url}?prefix=${randomUUID()}:`;
  const stores = await Promise.all([openRedisStore(prefixed), openRedisStore(prefixed)]);
  try {
    await use(...(stores as [RedisStore, RedisStore]));
  } finally {
    for (const store of stores) await store.close();
  }
}

const server = await Server.start();
const nodes = await startCluster();
const PLACES = [
  ["Redis", server.url],
  ["Redis Cluster", `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`],
] as const;

for (const [name, url] of PLACES) {
  test(`${name}: two processes share each owner's bucket, and owners share none`, () =>
    withHandles(url, async (one, other) => {
      let now = 1_800_000_000_000;
      const limiters = [one, other].map((store) => store.rateLimiter("create", LIMIT, () => now)) as [
        SharedRateLimiter,
        SharedRateLimiter,
      ];
      const counts = await Promise.all(limiters.map((limiter) => taken(limiter, "network:192.0.2.1", 20)));
      assert.equal((counts[0] ?? 0) + (counts[1] ?? 0), 3);
      assert.deepEqual(await limiters[0].take("network:192.0.2.1"), { ok: false, retryAfterMs: 2_000 });
      assert.equal(await taken(limiters[1], "network:192.0.2.2", 5), 3);
      assert.equal(
        await taken(
          one.rateLimiter("read", LIMIT, () => now),
          "network:192.0.2.1",
          5,
        ),
        3,
      );
      now += 1_999;
      assert.deepEqual(await limiters[1].take("network:192.0.2.1"), { ok: false, retryAfterMs: 1 });
      now += 1;
      assert.equal(await taken(limiters[1], "network:192.0.2.1", 2), 1);
      now += 3_600_000;
      assert.equal(await taken(limiters[0], "network:192.0.2.1", 5), 3);
    }));
}

test("Redis: a bucket is gone once it is full again, and a clock that was put back shuts nobody out", () =>
  withHandles(server.url, async (store) => {
    let now = 1_800_000_000_000;
    const limiter = store.rateLimiter("create", { perSecond: 1, burstCount: 2 }, () => now);
    await taken(limiter, "alice", 2);
    const [key] = (await server.run("keys", "*rate:create:alice")) as string[];
    const ttl = Number(await server.run("pttl", key ?? ""));
    assert.ok(ttl > 0 && ttl <= 2_000, `${ttl} ms`);
    now -= 86_400_000;
    assert.equal((await limiter.take("alice")).ok, true);
  }));

test("Redis: a server that is gone rejects, as the store does", async () => {
  const own = await Server.start();
  const store = await openRedisStore(own.url);
  await own.kill();
  await assert.rejects(store.rateLimiter("read", LIMIT).take("alice"), StoreUnavailableError);
  await store.close();
  await own.stop();
});
