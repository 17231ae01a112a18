/**
 * - `expired`: the session is gone: its time is over, or somebody cancelled it.
 * - `conflict`: somebody else wrote first; receive before sending again.
 * - `unavailable`: the homeserver does not offer the rendezvous API.
 * - `unauthorized`: creating takes an access token, and there was none or a bad one.
 * - `forbidden`: the homeserver's policy refuses.
 * - `rate_limited`: still too many requests after waiting; see `retryAfterMs`.
 * - `server`: the homeserver still failed after trying again.
 * - `network`: no answer, also after trying again where that is safe.
 * - `rejected`: another 4xx; see `status` and `errcode`.
 * - `invalid_response`: an answer that the MSC does not allow.
 * - `too_large`: the payload is over 4,096 bytes of UTF-8. Nothing was sent, unless `status` is set.
 * - `invalid_payload`: the payload has a lone surrogate, which no UTF-8 can express. Nothing was sent.
 * - `busy`: an earlier `send` or `receive` of this session is still under way. Nothing was sent.
 */
export type RendezvousErrorCode =
  | "expired"
  | "conflict"
  | "unavailable"
  | "unauthorized"
  | "forbidden"
  | "rate_limited"
  | "server"
  | "network"
  | "rejected"
  | "invalid_response"
  | "too_large"
  | "invalid_payload"
  | "busy";

/** What the server said, as far as it said anything. */
export interface RendezvousErrorDetails {
  /** The HTTP status, where there was an answer. */
  readonly status?: number | undefined;
  /** The answer's Matrix error code, where it had one. */
  readonly errcode?: string | undefined;
  /** How long the server wants to be left alone, in milliseconds, where it said so. */
  readonly retryAfterMs?: number | undefined;
}

/** Why an operation of a session failed. Holds no payload and no access token, and no rendezvous ID in full. */
export class RendezvousError extends Error {
  /** For telling it from other errors where `instanceof` cannot. */
  override readonly name = "RendezvousError";
  /** Why. */
  readonly code: RendezvousErrorCode;
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** The answer's Matrix error code, where it had one. */
  readonly errcode: string | undefined;
  /** How long the server wants to be left alone, in milliseconds, where it said so. */
  readonly retryAfterMs: number | undefined;

  /** `message` must hold no payload, no access token and no rendezvous ID in full. */
  constructor(code: RendezvousErrorCode, message: string, details: RendezvousErrorDetails = {}) {
    super(message);
    this.code = code;
    this.status = details.status;
    this.errcode = details.errcode;
    this.retryAfterMs = details.retryAfterMs;
  }
}
