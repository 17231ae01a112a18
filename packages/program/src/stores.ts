import { memoryStore, type RendezvousStore } from "@matrix-rendezvous/core";
import type { RateLimiter } from "@matrix-rendezvous/http";
import type { RateLimit } from "@matrix-rendezvous/http/limits";

/** A store, which may offer rate limits that all its processes share. */
export interface OpenedStore extends RendezvousStore {
  readonly rateLimiter?: (kind: string, limit: RateLimit) => RateLimiter;
}

/** Opens a store by its URL; `warn` hears what an operator should know of it. */
type Open = (url: string, warn: (message: string) => void) => Promise<OpenedStore>;

// Loaded when it is asked for: who keeps sessions in a file need not load a client for each database.
const redis: Open = async (url, warn) => (await import("@matrix-rendezvous/store-redis")).openRedisStore(url, { warn });
const postgres: Open = async (url) => (await import("@matrix-rendezvous/store-postgres")).openPostgresStore(url);
const sqlite: Open = async (url) => {
  const { openSqliteStore } = await import("@matrix-rendezvous/store-sqlite");
  return openSqliteStore(afterScheme(url));
};
const denoKv: Open = async (url) => {
  const { openDenoKvStore } = await import("@matrix-rendezvous/store-deno-kv");
  return openDenoKvStore(afterScheme(url) || undefined);
};

const STORES: Readonly<Record<string, Open>> = {
  memory: async () => memoryStore(),
  sqlite,
  redis,
  rediss: redis,
  "redis+cluster": redis,
  "rediss+cluster": redis,
  unix: redis,
  postgres,
  postgresql: postgres,
  "deno-kv": denoKv,
};

/** Opens the store that `--store` names; rejects with an error for people where it cannot be used. */
export async function openStore(url: string, warn: (message: string) => void): Promise<OpenedStore> {
  const open = STORES[url.slice(0, url.indexOf(":"))];
  if (open === undefined) throw new TypeError("no store has such a URL");
  return await open(url, warn);
}

function afterScheme(url: string): string {
  return url.slice(url.indexOf(":") + 1);
}
