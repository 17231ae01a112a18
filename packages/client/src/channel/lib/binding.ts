import { concatBytes } from "../../lib/bytes.ts";
import { encodeUtf8 } from "../../lib/text.ts";

/** The session that a channel's messages are bound to. */
export interface Binding {
  /** As it is authenticated, at most 65,535 bytes; see `authenticatedBaseUrl`. */
  readonly baseUrl: string;
  /** At most 255 bytes. */
  readonly rendezvousId: string;
}

/**
 * What is authenticated with a message. MSC4388 "4. Device S sends the initial payload".
 *
 * @param sequenceToken at most 255 bytes: the one its writer last received, and its reader's last write was given
 */
export function additionalData({ baseUrl, rendezvousId }: Binding, sequenceToken: string): Uint8Array {
  const url = encodeUtf8(baseUrl);
  const urlLength = Uint8Array.of(url.length >> 8, url.length & 0xff);
  return concatBytes(urlLength, url, shortText(rendezvousId), shortText(sequenceToken));
}

function shortText(text: string): Uint8Array {
  const bytes = encodeUtf8(text);
  return concatBytes(Uint8Array.of(bytes.length), bytes);
}
