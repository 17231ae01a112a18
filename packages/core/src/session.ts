/** Largest payload a session holds, in bytes. MSC4388 "Maximum payload size". */
export const MAX_PAYLOAD_BYTES = 4096;

/** Longest opaque identifier of the Matrix specification: bounds a sequence token and a transaction ID, in characters. */
export const MAX_IDENTIFIER_LENGTH = 255;

/** How many answered transactions a session remembers; the oldest is forgotten first. */
export const MAX_TRANSACTIONS = 16;

/** One state of a session's slot, without its payload. */
export interface Revision {
  /** Opaque, 1 to 255 characters of `[0-9A-Za-z._~-]`; never the same for two revisions of a session. */
  readonly sequenceToken: string;
  /** When this revision was written, in Unix milliseconds. */
  readonly modifiedAt: number;
  /** When the session ends, in Unix milliseconds. Fixed at creation: a write does not move it. */
  readonly expiresAt: number;
}

/** What a write that carried a transaction ID was answered. */
export interface TransactionRecord {
  /** 1 to 255 visible ASCII characters, unique in the session. */
  readonly transactionId: string;
  /** The sequence token that was answered, or `null` where the answer was a conflict. */
  readonly sequenceToken: string | null;
}

/** A rendezvous session: one slot that whoever knows its ID reads, overwrites or cancels. */
export interface Session extends Revision {
  /** 0 to {@link MAX_PAYLOAD_BYTES} bytes. Shared with the store that gave it: read it, do not change it. */
  readonly payload: Uint8Array;
  /** At most {@link MAX_TRANSACTIONS}, the oldest first. */
  readonly transactions: readonly TransactionRecord[];
}
