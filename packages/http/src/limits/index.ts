/**
 * Rate limits for the rendezvous API: token buckets by owner.
 *
 * @module
 */
export { insured } from "./insured.ts";
export type { Limits, RateLimiter, Taken } from "./limits.ts";
export { type RateLimit, type TokenBucketOptions, tokenBuckets } from "./token-buckets.ts";
