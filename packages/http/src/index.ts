/**
 * The Matrix rendezvous HTTP API (MSC4388, and the 2024 version of MSC4108) as one fetch handler, for any runtime and any server.
 *
 * @module
 */
export { type Api, createApi, createApp, createHandler, type Handler } from "./app.ts";
export type { AccessTokenVerifier, UnknownTokenDetails, Verdict } from "./auth.ts";
export { type ClientAddress, trustedProxies } from "./client-address.ts";
export { limitInFlight } from "./in-flight.ts";
export type { RequestContext } from "./incoming.ts";
export type { Limits, RateLimiter, Taken } from "./limits/limits.ts";
export {
  DEFAULT_CLOSE_GRACE_MS,
  DEFAULT_HOSTNAME,
  DEFAULT_PORT,
  type Listening,
  type ListenOptions,
} from "./listen.ts";
export type { AppOptions, HandlerOptions, Mode, Msc4108Options } from "./options.ts";
export type { AnswerEvent, Observe } from "./routing.ts";
