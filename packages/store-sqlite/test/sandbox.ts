import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import type { StoreUnderTest } from "@matrix-rendezvous/testkit";

/** A folder that nothing else uses. */
export async function freshFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "rendezvous-sqlite-"));
  return { path, remove: () => rm(path, { recursive: true }) };
}

/** Gives `body` a folder, and removes it afterwards. */
export async function inFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const { path, remove } = await freshFolder();
  try {
    return await body(path);
  } finally {
    await remove();
  }
}

export const sqliteUnderTest: StoreUnderTest = {
  name: "SQLite store",
  shared: true,
  watches: true,
  fresh: async () => {
    const { path, remove } = await freshFolder();
    return { open: () => openSqliteStore(join(path, "sessions.db")), remove };
  },
};
