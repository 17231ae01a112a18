import type { Party } from "../party.ts";

/** What LoginInitiateMessage and LoginOkMessage say. MSC4388 "Establishing the secure channel". */
export const INITIATE = "MATRIX_QR_CODE_LOGIN_INITIATE";
export const OK = "MATRIX_QR_CODE_LOGIN_OK";

/**
 * How a payload is built.
 *
 * - `empty`: what a session starts with.
 * - `initiate`: the public key of the device that scanned, and a sealed text.
 * - `ok`: a nonce, and a sealed text.
 * - `message`: a sealed text.
 * - `unknown`: what nobody on the page has sealed or opened.
 */
export type PayloadKind = "empty" | "initiate" | "ok" | "message" | "unknown";

/** One content of the session's slot. */
export interface Revision {
  readonly sequenceToken: string;
  /** The payload as it went over the wire. */
  readonly data: string;
  readonly kind: PayloadKind;
  /** `undefined`: somebody who is not on this page. */
  readonly writer: Party | undefined;
  /** Who on this page has fetched it. */
  readonly readers: readonly Party[];
  /** What it says, to who holds the key; `undefined` where nobody on this page does. */
  readonly plaintext: string | undefined;
}

export function kindOf(data: string, plaintext: string | undefined): PayloadKind {
  if (data === "") return "empty";
  if (plaintext === undefined) return "unknown";
  return plaintext === INITIATE ? "initiate" : plaintext === OK ? "ok" : "message";
}
