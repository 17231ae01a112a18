import { type AnswerEvent, createApp } from "@matrix-rendezvous/http";
import type { Hono } from "hono";
import { logAnswer } from "./log.ts";
import type { Parts } from "./parts.ts";

/** Where the server is, and that it is about to close. */
export interface Situation {
  /** The base of session URLs, where none is configured. */
  readonly url: string;
  readonly shutdown: AbortSignal;
}

/** What answers on the public port. */
export function createApplication(
  { config, store, verifier, metrics, logger, playground }: Parts,
  situation: Situation,
): Hono {
  const publicUrl = config["public-url"] ?? situation.url;
  const observe = (event: AnswerEvent): void => {
    metrics?.answered(event);
    logAnswer(logger, event);
  };
  const app = createApp({
    store,
    verifier,
    observe,
    shutdown: situation.shutdown,
    onError: (error) => logger.error(error),
    clientAddress: (c) => c.env.clientAddress,
    mode: config.mode,
    trustedProxies: config["trust-proxy"],
    basePath: config["base-path"],
    stableEndpoint: config["stable-endpoint"],
    msc4108: config["no-msc4108"] ? undefined : { publicUrl },
    ttlMs: config["session-ttl"],
    maxSessions: config["max-sessions"],
    maxSessionsPerOwner: config["max-sessions-per-owner"],
    whenFull: config["when-full"],
  });
  if (playground) app.route("/", playground);
  return app.get("/health", (c) => c.json({ status: "ok" }));
}
