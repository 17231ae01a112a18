import type { Engine } from "./engine.ts";
import { TAKE } from "./scripts/take.ts";

/** So many requests at once, and afterwards so many a second, for each owner: token buckets. */
export interface RateLimit {
  /** How fast a budget fills up again, over 0; fractions are fine. */
  readonly perSecond: number;
  /** How much a budget holds, an integer of 1 or more. */
  readonly burstCount: number;
}

/** Counts with all processes that share the store; it is a `RateLimiter` of `@matrix-rendezvous/http`. */
export interface SharedRateLimiter {
  /** Rejects with `StoreUnavailableError`, as the store does. */
  take(owner: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }>;
}

/** @param buckets what comes before an owner in the name of its bucket */
export function rateLimiter(
  engine: Engine,
  buckets: string,
  { perSecond, burstCount }: RateLimit,
  now: () => number,
): SharedRateLimiter {
  return {
    take: (owner) =>
      engine.operate(async () => {
        const args = [`${now()}`, `${1000 / perSecond}`, `${burstCount}`];
        const [type, waitMs] = await engine.run(TAKE, [buckets + owner], args);
        return type === "taken" ? { ok: true } : { ok: false, retryAfterMs: Number(waitMs) };
      }),
  };
}
