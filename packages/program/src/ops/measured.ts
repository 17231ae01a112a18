import { performance } from "node:perf_hooks";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import type { AccessTokenVerifier, Limits, RateLimiter } from "@matrix-rendezvous/http";
import { sweep } from "../sweep.ts";
import type { Endings } from "./endings.ts";
import type { Metrics } from "./metrics.ts";

/** The store, with every operation timed and counted by its outcome, and `endings` told which sessions come and go. */
export function measuredStore(
  store: RendezvousStore,
  metrics: Metrics,
  endings: Endings,
  now: () => number,
): RendezvousStore {
  metrics.countSessions(async () => {
    // What has expired takes no place, swept or not.
    await sweep(store, now);
    return (await store.stats()).sessions;
  });
  const measured = async <O extends { readonly type: string }>(operation: string, run: Promise<O>): Promise<O> => {
    const startedAt = performance.now();
    try {
      const outcome = await run;
      metrics.operations.inc({ operation, outcome: outcome.type });
      return outcome;
    } catch (error) {
      metrics.operations.inc({ operation, outcome: "error" });
      throw error;
    } finally {
      metrics.storeDurations.observe({ operation }, (performance.now() - startedAt) / 1000);
    }
  };
  return {
    async create(id, session, ...more) {
      const outcome = await measured("create", store.create(id, session, ...more));
      if (outcome.type === "created") endings.created(id, session);
      if (outcome.type === "full") metrics.rejections.inc({ reason: `full_${outcome.scope}` });
      return outcome;
    },
    read: (...args) => measured("read", store.read(...args)),
    write: (...args) => measured("write", store.write(...args)),
    async cancel(id, now) {
      const outcome = await measured("cancel", store.cancel(id, now));
      if (outcome.type === "cancelled") endings.cancelled(id);
      return outcome;
    },
    ...(store.watch && { watch: store.watch.bind(store) }),
    stats: () => store.stats(),
    sweep: (now) => store.sweep(now),
    close: () => store.close(),
  };
}

/** The limits, with those counted who were too fast. */
export function measuredLimits(limits: Limits, metrics: Metrics): Limits {
  const measured = (kind: keyof Limits): RateLimiter | undefined => {
    const limiter = limits[kind];
    return (
      limiter && {
        async take(owner) {
          const taken = await limiter.take(owner);
          if (!taken.ok) metrics.rejections.inc({ reason: `rate_${kind}` });
          return taken;
        },
      }
    );
  };
  return { create: measured("create"), read: measured("read"), write: measured("write") };
}

/** The verifier, with its answers counted: those that came from afar, where it is put behind a cache. */
export function measuredVerifier(verifier: AccessTokenVerifier, metrics: Metrics): AccessTokenVerifier {
  return {
    async verify(accessToken) {
      try {
        const verdict = await verifier.verify(accessToken);
        metrics.verifications.inc({ verdict: verdict.type });
        return verdict;
      } catch (error) {
        metrics.verifications.inc({ verdict: "error" });
        throw error;
      }
    },
  };
}
