import { type AnswerEvent, type Api, createApi } from "@matrix-rendezvous/http";
import { logAnswer } from "./log.ts";
import type { Parts } from "./parts.ts";

/** Where the program is, and that it is about to close. */
export interface Situation {
  /** The base of session URLs, where none is configured. */
  readonly url: string;
  /** Aborted when it is about to close: reads that wait for a change are answered. */
  readonly shutdown: AbortSignal;
  /** Where the API is mounted; at the root unless it is said. */
  readonly basePath?: string;
}

/** What answers rendezvous requests, as it is configured. */
export function createApplication(
  { config, store, verifier, limits, metrics, logger }: Parts,
  situation: Situation,
): Api {
  const publicUrl = config["public-url"] ?? situation.url;
  const observe = (event: AnswerEvent): void => {
    metrics?.answered(event);
    logAnswer(logger, event);
  };
  return createApi({
    store,
    verifier,
    limits,
    observe,
    shutdown: situation.shutdown,
    onError: (error, requestId) => logger.error({ err: error, requestId }),
    mode: config.mode,
    trustedProxies: config["trust-proxy"],
    onUntrustedProxy: (peer) =>
      logger.warn(
        `${peer} says for which client it speaks, and is not in --trust-proxy: if that is your reverse proxy, all clients behind it count as one, and share its limits, until it is listed there`,
      ),
    basePath: situation.basePath,
    stableEndpoint: config["stable-endpoint"],
    msc4108: config["no-msc4108"] ? undefined : { publicUrl },
    ttlMs: config["session-ttl"],
    maxSessions: config["max-sessions"],
    maxSessionsPerOwner: config["max-sessions-per-owner"],
    whenFull: config["when-full"],
  });
}
