/**
 * - `refused`: a message does not authenticate: it was altered, replayed, sent out of order, or made for another
 *   session, another key or another profile. The channel is closed; somebody may be in between.
 * - `malformed`: what was received is no message of the secure channel. The channel is closed.
 * - `wrong_check_code`: the code does not match; see `attemptsLeft`.
 * - `too_large`: the message would not fit into a payload; see `MAX_MESSAGE_BYTES`. Nothing was sent.
 * - `invalid_message`: the message has a lone surrogate, which no UTF-8 can express. Nothing was sent.
 * - `unsuitable_code`: the QR code is of a device in the same role, or its key or base URL cannot be used.
 * - `in_use`: the session of the QR code has a payload already: somebody else scanned it first.
 * - `closed`: an earlier error, or `cancel`, ended the channel.
 * - `busy`: an earlier operation is still under way. Nothing was sent.
 */
export type ChannelErrorCode =
  | "refused"
  | "malformed"
  | "wrong_check_code"
  | "too_large"
  | "invalid_message"
  | "unsuitable_code"
  | "in_use"
  | "closed"
  | "busy";

/** Why the secure channel refuses to go on. Holds no message, key, check code or rendezvous ID. */
export class ChannelError extends Error {
  /** For telling it from other errors where `instanceof` cannot. */
  override readonly name = "ChannelError";
  /** Why. */
  readonly code: ChannelErrorCode;
  /** How often the check code can still be tried; only with `wrong_check_code`. */
  readonly attemptsLeft: number | undefined;

  /** `attemptsLeft` belongs to `wrong_check_code` alone. */
  constructor(code: ChannelErrorCode, message: string, attemptsLeft?: number) {
    super(message);
    this.code = code;
    this.attemptsLeft = attemptsLeft;
  }
}

export function closed(): ChannelError {
  return new ChannelError("closed", "the channel is closed");
}

export function busy(): ChannelError {
  return new ChannelError("busy", "the channel is still busy with an earlier operation");
}
