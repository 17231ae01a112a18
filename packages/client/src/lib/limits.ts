/** Largest payload that a session holds, in bytes of UTF-8. MSC4388 "Maximum payload size". */
export const MAX_PAYLOAD_BYTES = 4096;

/** Longest opaque identifier, in bytes: what one length byte can say, in the QR code and in what is authenticated. */
export const MAX_IDENTIFIER_BYTES = 255;

/**
 * Whether `text` obeys the grammar of the Matrix specification for opaque identifiers, and can be a segment of a path:
 * a URL parser takes one or two dots for directions.
 */
export function isRendezvousId(text: string): boolean {
  return /^[0-9A-Za-z._~-]{1,255}$/.test(text) && text !== "." && text !== "..";
}

export const RENDEZVOUS_ID_PROBLEM = "is not 1 to 255 characters of [0-9A-Za-z._~-], or is only dots";
