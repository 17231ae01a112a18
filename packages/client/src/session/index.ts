/**
 * Rendezvous sessions of the 2025 version (MSC4388), over `fetch`.
 *
 * @module
 */
export type { Clock } from "./clock.ts";
export type { ConnectionOptions, Fetch } from "./connection.ts";
export {
  type Discovery,
  discover,
  type Extensions,
  LONG_POLL_KEY,
  type OperationOptions,
  TRANSACTION_IDS_KEY,
} from "./discovery.ts";
export { RendezvousError, type RendezvousErrorCode, type RendezvousErrorDetails } from "./errors.ts";
export {
  type CreateSessionOptions,
  createSession,
  type JoinSessionOptions,
  joinSession,
  type SessionOptions,
} from "./open.ts";
export type { Payload, RendezvousSession } from "./session.ts";
