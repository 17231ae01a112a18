/**
 * Rendezvous sessions in Redis or Valkey, on one server or a cluster: any number of processes serve the same sessions.
 *
 * @module
 */
export { openRedisStore, type RedisStore, type RedisStoreOptions } from "./open.ts";
export type { RateLimit, SharedRateLimiter } from "./rate-limiter.ts";
