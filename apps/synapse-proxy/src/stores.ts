import { memoryStore, type RendezvousStore } from "@matrix-rendezvous/core";

/** Opens the store that `--store` names; rejects with an error for people where it cannot be used. */
export async function openStore(url: string): Promise<RendezvousStore> {
  if (url === "memory:") return memoryStore();
  const { openSqliteStore } = await import("@matrix-rendezvous/store-sqlite");
  return openSqliteStore(url.slice("sqlite:".length));
}
