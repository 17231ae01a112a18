import assert from "node:assert/strict";
import { storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openRedisStore } from "../src/index.ts";
import { NOW, start, tokenOf, writing } from "./client.ts";
import { redisUnderTest } from "./sandbox.ts";
import { moveSlot, startCluster } from "./servers.ts";

const nodes = await startCluster();
const url = `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;

storeTests(test, redisUnderTest("Redis Cluster", url));

test("Redis Cluster: sessions spread over all nodes", async () => {
  const store = await openRedisStore(`${url}?prefix=spread:`);
  for (let index = 0; index < 150; index += 1) await start(store, `id-${index}`, "alice");
  await store.close();
  for (const node of nodes) {
    const keys = (await node.run("keys", "spread:session:*")) as string[];
    assert.ok(keys.length > 25, `${keys.length} of 150 sessions on one of three nodes`);
  }
});

test("Redis Cluster: slots move while their sessions are used: nothing is lost, nobody is turned away", async () => {
  const prefix = "moving:";
  const [store, other] = await Promise.all([
    openRedisStore(`${url}?prefix=${prefix}`),
    openRedisStore(`${url}?prefix=${prefix}`),
  ]);
  const ids = Array.from({ length: 120 }, (_, index) => `id-${index}`);
  await Promise.all(ids.map((id) => start(store, id)));
  let moving = true;
  let operations = 0;
  /** Keeps writing to every 8th session, each time as the only writer, and looks at it through the other handle. */
  const use = async (worker: number): Promise<void> => {
    const tokens = new Map(ids.filter((_, index) => index % 8 === worker).map((id) => [id, "first"]));
    for (let round = 0; moving || round === 0; round += 1) {
      for (const [id, token] of tokens) {
        const next = `${worker}.${round}`;
        assert.equal((await store.write(id, writing(token, next, next), NOW)).type, "written");
        assert.equal(await tokenOf(other, id), next);
        tokens.set(id, next);
      }
      await start(other, `brief-${worker}`);
      assert.deepEqual(await store.cancel(`brief-${worker}`, NOW), { type: "cancelled" });
      operations += 2 * tokens.size + 2;
    }
    for (const [id, token] of tokens) assert.equal(await tokenOf(store, id), token);
  };
  const using = Promise.all(Array.from({ length: 8 }, (_, worker) => use(worker)));
  const names = [
    `${prefix}sessions`,
    `${prefix}owner:alice`,
    ...ids.slice(0, 30).map((id) => `${prefix}session:${id}`),
  ];
  for (const name of names) await moveSlot(nodes, Number(await nodes[0].run("cluster", "keyslot", name)));
  moving = false;
  await using;
  assert.ok(operations > ids.length, `only ${operations} operations`);
  assert.deepEqual(await other.stats(), { sessions: ids.length });
  await Promise.all([store.close(), other.close()]);
});
