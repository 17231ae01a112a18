import type { CancelOutcome, CreateOutcome, ReadOutcome, WriteOutcome } from "@matrix-rendezvous/core";

/** What a store answered, flat and comparable. A field is there where the answer has it. */
export interface Answer {
  /** What became of the operation. */
  readonly type:
    | "created"
    | "exists"
    | "full"
    | "found"
    | "written"
    | "unchanged"
    | "replayed"
    | "conflict"
    | "cancelled"
    | "absent";
  /** The sequence token of the revision. */
  readonly token?: string;
  /** When the revision was written, in Unix milliseconds. */
  readonly modifiedAt?: number;
  /** When the session ends, in Unix milliseconds. */
  readonly expiresAt?: number;
  /** One character per byte, see {@link textOf}. */
  readonly payload?: string;
  /** Which cap was reached. */
  readonly scope?: "owner" | "total";
  /** When a place becomes free, in Unix milliseconds. */
  readonly retryAt?: number;
}

/**
 * Flattens what a store answered. The transactions of a session that was read are left out: they are a store's own
 * records, and judged by what the repeat of a transaction is answered.
 */
export function answerOf(outcome: CreateOutcome | ReadOutcome | WriteOutcome | CancelOutcome): Answer {
  switch (outcome.type) {
    case "found": {
      const { sequenceToken: token, modifiedAt, expiresAt, payload } = outcome.session;
      return { type: outcome.type, token, modifiedAt, expiresAt, payload: textOf(payload) };
    }
    case "written":
    case "unchanged":
    case "replayed":
    case "conflict": {
      const { sequenceToken: token, modifiedAt, expiresAt } = outcome.revision;
      return { type: outcome.type, token, modifiedAt, expiresAt };
    }
    case "full":
      return { type: outcome.type, scope: outcome.scope, retryAt: outcome.retryAt };
    default:
      return { type: outcome.type };
  }
}

/** Bytes as text of the same length, one character of U+0000 to U+00FF per byte: comparable, and legible where ASCII. */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** The bytes that {@link textOf} gives `text` for. */
export function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
