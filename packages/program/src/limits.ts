import type { Limits, RateLimiter } from "@matrix-rendezvous/http";
import { insured, tokenBuckets } from "@matrix-rendezvous/http/limits";
import type { Config } from "./config/options.ts";
import type { Rate } from "./config/values.ts";
import type { OpenedStore } from "./stores.ts";

/** The configured limits: counted with all processes where the store can, else in this one. */
export function createLimits(config: Config, { rateLimiter }: OpenedStore, warn: (message: string) => void): Limits {
  let warned = false;
  const warnOnce = (error: unknown): void => {
    if (warned) return;
    warned = true;
    const why = error instanceof Error ? error.message : String(error);
    warn(`Rate limits are counted by each process for itself as long as they cannot be shared: ${why}`);
  };
  const limiter = (kind: string, rate: Rate | "off"): RateLimiter | undefined => {
    if (rate === "off") return undefined;
    const limit = { perSecond: rate.per_second, burstCount: rate.burst_count };
    const own = tokenBuckets(limit);
    return rateLimiter === undefined ? own : insured(rateLimiter(kind, limit), own, warnOnce);
  };
  return {
    create: limiter("create", config["rate-create"]),
    read: limiter("read", config["rate-read"]),
    write: limiter("write", config["rate-write"]),
  };
}
