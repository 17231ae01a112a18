import type { RendezvousStore } from "@matrix-rendezvous/core";
import type { AccessTokenVerifier, Limits } from "@matrix-rendezvous/http";
import type { Config } from "./config/options.ts";
import { createLimits } from "./limits.ts";
import type { Logger } from "./log.ts";
import { Endings } from "./ops/endings.ts";
import { measuredLimits, measuredStore } from "./ops/measured.ts";
import type { Metrics } from "./ops/metrics.ts";
import { openStore } from "./stores.ts";
import { createVerifier } from "./verifier.ts";

/** What a program is made of, before it listens. */
export interface Parts<C extends Config = Config> {
  /** What was configured. */
  readonly config: C;
  /** Where what happens is said. */
  readonly logger: Logger;
  /** Where sessions are kept. */
  readonly store: RendezvousStore;
  /** Checks access tokens, where they are to be checked. */
  readonly verifier: AccessTokenVerifier | undefined;
  /** The limits of the configuration. */
  readonly limits: Limits;
  /** Set where somebody can see them. */
  readonly metrics: Metrics | undefined;
  /** Set where `metrics` is. */
  readonly endings?: Endings;
}

/** Opens what the configuration names; rejects with an error for people where that cannot be. */
export async function openParts<C extends Config>(config: C, logger: Logger): Promise<Parts<C>> {
  const metrics = config["ops-port"] === undefined ? undefined : await createMetrics(config);
  const verifier = await createVerifier(config, metrics);
  // Last, because it would have to be closed where something else fails.
  const store = await openStore(config.store, (message) => logger.warn(message));
  const limits = createLimits(config, store, (message) => logger.warn(message));
  if (metrics === undefined) return { config, logger, metrics, verifier, limits, store };
  const endings = new Endings(store, metrics, Date.now);
  const measured = { limits: measuredLimits(limits, metrics), store: measuredStore(store, metrics, endings, Date.now) };
  return { config, logger, metrics, verifier, endings, ...measured };
}

/** Loaded when they are asked for: a server that nobody watches starts sooner. */
async function createMetrics(config: Config): Promise<Metrics> {
  const { Metrics } = await import("./ops/metrics.ts");
  return new Metrics(config["max-sessions"]);
}
