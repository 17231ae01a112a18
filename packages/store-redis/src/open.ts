import { readFile } from "node:fs/promises";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { Cluster, Redis } from "ioredis";
import { type Address, parseAddress } from "./address.ts";
import { Engine, reasonOf, within } from "./engine.ts";
import { inspect } from "./inspect.ts";
import { redisStore } from "./redis-store.ts";

/** How long opening may take: several nodes of a cluster may have to be asked in turn. */
const OPENING_MS = 5000;

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

/**
 * Opens sessions in Redis or Valkey, one server or a cluster, for any number of processes. What is acknowledged is as
 * durable as the server's `appendonly` and `appendfsync` make it.
 *
 * @param url `redis://USER:PASSWORD@HOST:PORT/DATABASE`; `rediss://…` for TLS, `?ca=FILE` for one's own authority;
 *   `redis+cluster://HOST:PORT,HOST:PORT` or `rediss+cluster://…`; `unix:PATH?db=DATABASE`. `?prefix=` is what all keys
 *   start with, `rendezvous:` unless said.
 * @throws TypeError or RangeError where the URL or an option is wrong
 * @throws Error that names the server and the reason where it cannot be used, never the password
 */
export async function openRedisStore(url: string, options: RedisStoreOptions = {}): Promise<RendezvousStore> {
  const { timeoutMs = 2000, warn = () => {} } = options;
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 100) throw new RangeError("timeoutMs must be 100 or more");
  const address = parseAddress(url);
  const name = `Redis at ${address.label}`;
  const client = await clientOf(address, timeoutMs);
  const engine = new Engine(client, name, timeoutMs);
  const opening = async (): Promise<void> => {
    await engine.connect();
    await inspect(client, warn);
    // The user may not be allowed to ask, or the server not be ready to answer.
    await engine.send("zcard", `${address.prefix}sessions`);
  };
  try {
    await within(OPENING_MS, opening());
    return redisStore(engine, address.prefix);
  } catch (error) {
    client.disconnect();
    throw new Error(`${name} cannot be used: ${reasonOf(error)}`);
  }
}

/** A client that is not connected yet. It asks nothing twice: what was cut off may have happened. */
async function clientOf(address: Address, timeoutMs: number): Promise<Redis | Cluster> {
  const { nodes, socket, username, password, database } = address;
  const ca = address.ca === undefined ? {} : { ca: await readFile(address.ca, "utf8") };
  const common = {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(address.tls ? { tls: ca } : {}),
    connectionName: "matrix-rendezvous",
    lazyConnect: true,
    protocol: 2,
    disableClientInfo: true,
    enableReadyCheck: false,
    connectTimeout: timeoutMs,
    // A server that stopped answering, or a network that swallows everything, is told from an idle one.
    socketTimeout: timeoutMs,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
  } as const;
  const retryDelay = (attempt: number): number => Math.min(attempt * 50, 1000);
  if (!address.cluster) {
    const place = socket === undefined ? { ...nodes[0] } : { path: socket };
    return new Redis({ ...common, ...place, db: database, enableOfflineQueue: false, retryStrategy: retryDelay });
  }
  return new Cluster([...nodes], {
    redisOptions: common,
    lazyConnect: true,
    enableReadyCheck: false,
    retryDelayOnFailover: 0,
    clusterRetryStrategy: retryDelay,
    // Names go on as names, since certificates are made out to them.
    dnsLookup: (host, done) => done(null, host),
  });
}
