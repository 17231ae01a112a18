import type { RendezvousStore } from "@matrix-rendezvous/core";
import type { Cluster, Redis } from "ioredis";
import { parseAddress } from "./address.ts";
import { clientOf } from "./client.ts";
import { Engine, reasonOf, within } from "./engine.ts";
import { inspect } from "./inspect.ts";
import { type RateLimit, rateLimiter, type SharedRateLimiter } from "./rate-limiter.ts";
import { redisStore } from "./redis-store.ts";

/** How long opening may take: several nodes of a cluster may have to be asked in turn. */
const OPENING_MS = 5000;

/** How the server is used. */
export interface RedisStoreOptions {
  /**
   * After how many milliseconds an operation gives up, 100 or more. Too low turns a busy server into an unavailable
   * one, too high lets requests pile up behind a dead one.
   * @default 2000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Is told at the start, in sentences, what an operator should know before it hurts: that the server may evict live
   * sessions, that it forgets them when it restarts, or that it would not say.
   * @default nobody is told
   */
  readonly warn?: ((message: string) => void) | undefined;
}

/** Sessions in Redis or Valkey, and rate limits beside them. */
export interface RedisStore extends RendezvousStore {
  /**
   * Token buckets that all processes share which share the store. They take the callers' times, as the store does.
   *
   * @param kind 1 to 64 characters of `[0-9A-Za-z_.~-]`; limiters of one kind take from the same buckets
   * @param now the time in Unix milliseconds; `Date.now` unless said
   */
  rateLimiter(kind: string, limit: RateLimit, now?: () => number): SharedRateLimiter;
}

/**
 * Opens sessions in Redis or Valkey, one server or a cluster, for any number of processes. What is acknowledged is as
 * durable as the server's `appendonly` and `appendfsync` make it.
 *
 * @param url `redis://USER:PASSWORD@HOST:PORT/DATABASE`; `rediss://…` for TLS, with `?ca=FILE` for an authority of
 *   one's own; `redis+cluster://HOST:PORT,HOST:PORT` or `rediss+cluster://…`; `unix:PATH?db=DATABASE`. `?prefix=` is what
 *   all keys start with, `rendezvous:` unless said.
 * @throws TypeError or RangeError where the URL or an option is wrong
 * @throws Error that names the server and the reason where it cannot be used, never the password
 */
export async function openRedisStore(url: string, options: RedisStoreOptions = {}): Promise<RedisStore> {
  const { timeoutMs = 2000, warn = () => {} } = options;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 100) throw new RangeError("timeoutMs must be 100 or more");
  const address = parseAddress(url);
  const name = `Redis at ${address.label}`;
  let opened: Redis | Cluster | undefined;
  try {
    const client = await clientOf(address, timeoutMs);
    opened = client;
    const engine = new Engine(client, name, timeoutMs);
    await within(
      OPENING_MS,
      engine.connect().then(() => inspect(client, warn)),
    );
    // The user may not be allowed to ask, or the server not be ready to answer.
    await within(timeoutMs, engine.send("zcard", `${address.prefix}sessions`));
    // Once sessions change, a channel that may not be told of it would be a change that failed half-way.
    await within(timeoutMs, engine.send("publish", `${address.prefix}changed:`, ""));
    return {
      ...redisStore(engine, address.prefix),
      rateLimiter: (kind, limit, now = Date.now) => rateLimiter(engine, `${address.prefix}rate:${kind}:`, limit, now),
    };
  } catch (error) {
    opened?.disconnect();
    throw new Error(`${name} cannot be used: ${reasonOf(error)}`);
  }
}
