import { readFile } from "node:fs/promises";
import { Cluster, Redis } from "ioredis";
import type { Address } from "./address.ts";

/** A client that is not connected yet. It asks nothing twice: what was cut off may have happened. */
export async function clientOf(address: Address, timeoutMs: number): Promise<Redis | Cluster> {
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
  const cluster = new Cluster([...nodes], {
    redisOptions: common,
    lazyConnect: true,
    enableReadyCheck: false,
    retryDelayOnFailover: 0,
    clusterRetryStrategy: retryDelay,
    // Names go on as names, since certificates are made out to them.
    dnsLookup: (host, done) => done(null, host),
  });
  // The client sends ASKING before what it was redirected with, and does not look whether that fails: where the node
  // that a slot moves to is gone, nobody would, and a runtime ends over that.
  cluster.on("+node", (node: Redis) => {
    const asking = node.asking.bind(node);
    node.asking = () => asking().catch(() => "OK");
  });
  return cluster;
}
