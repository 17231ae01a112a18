import type { RendezvousStore } from "@matrix-rendezvous/core";
import type { AccessTokenVerifier } from "@matrix-rendezvous/http";
import { playgroundApp } from "@matrix-rendezvous/playground";
import type { Hono } from "hono";
import type { Config } from "./config/options.ts";
import type { Logger } from "./log.ts";
import { measuredStore } from "./ops/measured.ts";
import { Metrics } from "./ops/metrics.ts";
import { openStore } from "./stores.ts";
import { createVerifier } from "./verifier.ts";

/** What the server is made of, before it listens. */
export interface Parts {
  readonly config: Config;
  readonly logger: Logger;
  readonly store: RendezvousStore;
  readonly verifier: AccessTokenVerifier | undefined;
  /** Set where somebody can see them. */
  readonly metrics: Metrics | undefined;
  /** The page, where it is served. */
  readonly playground: Hono | undefined;
}

/** Opens what the configuration names; rejects with an error for people where that cannot be. */
export async function openParts(config: Config, logger: Logger): Promise<Parts> {
  const metrics = config["ops-port"] === undefined ? undefined : new Metrics();
  const verifier = await createVerifier(config, metrics);
  const playground = config.playground ? await playgroundApp(config["base-path"]) : undefined;
  // Last, because it would have to be closed where something else fails.
  const store = await openStore(config.store, (message) => logger.warn(message));
  return { config, logger, metrics, verifier, playground, store: metrics ? measuredStore(store, metrics) : store };
}
