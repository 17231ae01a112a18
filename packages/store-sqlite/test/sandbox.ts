import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import type { StoreUnderTest } from "@matrix-rendezvous/testkit";

/** A folder of its own, removed after `body`. */
export async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "rendezvous-sqlite-"));
  try {
    return await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export const sqliteUnderTest: StoreUnderTest = {
  name: "SQLite store",
  shared: true,
  watches: true,
  fresh: async () => {
    const folder = await mkdtemp(join(tmpdir(), "rendezvous-sqlite-"));
    return {
      open: () => openSqliteStore(join(folder, "sessions.db")),
      remove: () => rm(folder, { recursive: true }),
    };
  },
};
