import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreUnderTest } from "@matrix-rendezvous/testkit";
import { openDenoKvStore } from "../src/index.ts";

/** The store in files, each sandbox in one of its own. */
export const denoKvUnderTest: StoreUnderTest = {
  name: "Deno KV store",
  shared: true,
  fresh: async () => {
    const folder = await mkdtemp(join(tmpdir(), "rendezvous-deno-kv-"));
    return {
      open: () => openDenoKvStore(join(folder, "kv.db")),
      remove: () => rm(folder, { recursive: true }),
    };
  },
};
