import { storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { redisUnderTest } from "./sandbox.ts";
import { Server } from "./servers.ts";

const { url } = await Server.start();

storeTests(test, redisUnderTest("Redis", url));
