import { storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { redisUnderTest } from "./sandbox.ts";
import { startCluster } from "./servers.ts";

const nodes = await startCluster();
const url = `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`;

storeTests(test, redisUnderTest("Redis Cluster", url));
