import { randomUUID } from "node:crypto";
import type { StoreUnderTest } from "@matrix-rendezvous/testkit";
import { openRedisStore } from "../src/index.ts";

/** The store on these servers, each sandbox under a prefix of its own; what is left there expires. */
export function redisUnderTest(name: string, url: string): StoreUnderTest {
  return {
    name,
    shared: true,
    watches: true,
    fresh: async () => {
      const prefix = `${randomUUID()}:`;
      return { open: () => openRedisStore(`${url}?prefix=${prefix}`, { timeoutMs: 10_000 }), remove: async () => {} };
    },
  };
}
