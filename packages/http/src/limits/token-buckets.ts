import { TokenBucket } from "limiter";
import { LRUCache } from "lru-cache";
import type { RateLimiter, Taken } from "./limits.ts";

/** As Synapse names it: so many requests at once, and afterwards so many a second. */
export interface RateLimit {
  /** How fast a budget fills up again, over 0; fractions are fine. Too low turns honest clients away for long. */
  readonly perSecond: number;
  /** How much a budget holds, an integer of 1 or more. Too low turns away whoever sends a few requests at once. */
  readonly burstCount: number;
}

/** How fast owners may go, and how many of them are remembered. */
export interface TokenBucketOptions extends RateLimit {
  /**
   * How many owners are remembered, 1 or more; the least recently seen is forgotten first, and has a full budget when it
   * comes back. Each takes some 300 bytes.
   * @default 20000
   */
  readonly maxOwners?: number | undefined;
}

const TAKEN: Taken = { ok: true };

/**
 * A token bucket for each owner, in this process.
 *
 * By `limiter`: it is a token bucket, and of a few hundred lines. Better known libraries (`rate-limiter-flexible`,
 * `hono-rate-limiter`) count in fixed windows, which let twice the burst pass at a window's edge, make whoever is refused
 * wait for the window's end, and hold a timer and an entry without bound for every owner.
 *
 * @throws RangeError where an option is out of its bounds
 */
export function tokenBuckets({ perSecond, burstCount, maxOwners = 20_000 }: TokenBucketOptions): RateLimiter {
  checkRateLimit({ perSecond, burstCount });
  const buckets = new LRUCache<string, TokenBucket>({ max: maxOwners });
  return {
    take(owner) {
      let bucket = buckets.get(owner);
      if (bucket === undefined) {
        bucket = new TokenBucket({ bucketSize: burstCount, tokensPerInterval: perSecond, interval: 1000 });
        bucket.content = burstCount;
        buckets.set(owner, bucket);
      }
      return bucket.tryRemoveTokens(1) ? TAKEN : { ok: false, retryAfterMs: Math.max(1, bucket.getWaitTime(1)) };
    },
  };
}

/** @throws RangeError where a value is out of its bounds */
function checkRateLimit({ perSecond, burstCount }: RateLimit): void {
  if (!(perSecond > 0 && perSecond < Infinity)) throw new RangeError(`perSecond must be over 0, not ${perSecond}`);
  if (!Number.isSafeInteger(burstCount) || burstCount < 1) {
    throw new RangeError(`burstCount must be an integer of 1 or more, not ${burstCount}`);
  }
}
