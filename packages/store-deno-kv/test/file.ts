import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreUnderTest } from "@matrix-rendezvous/testkit";
import { openDenoKvStore } from "../src/index.ts";

/** Runs `body` with the path of a database that is not there yet, in a folder of its own. */
export async function withFile<T>(body: (path: string) => Promise<T>): Promise<T> {
  const folder = await freshFolder();
  try {
    return await body(join(folder, "kv.db"));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The store in files, each sandbox in one of its own. */
export const denoKvUnderTest: StoreUnderTest = {
  name: "Deno KV store",
  shared: true,
  watches: true,
  fresh: async () => {
    const folder = await freshFolder();
    return {
      open: () => openDenoKvStore(join(folder, "kv.db")),
      remove: () => rm(folder, { recursive: true }),
    };
  },
};

async function freshFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), "rendezvous-deno-kv-"));
}
