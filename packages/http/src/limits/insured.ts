import type { RateLimiter } from "./limits.ts";

/**
 * The limiter `shared`, and `own` wherever that one fails: who cannot be counted with everybody is counted here, not
 * refused.
 *
 * @param onFailure hears of every failure
 */
export function insured(shared: RateLimiter, own: RateLimiter, onFailure: (error: unknown) => void): RateLimiter {
  return {
    async take(owner) {
      try {
        return await shared.take(owner);
      } catch (error) {
        onFailure(error);
        return await own.take(owner);
      }
    },
  };
}
