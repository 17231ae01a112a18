const encoder = new TextEncoder();
// A byte order mark is text like any other here: what was encoded must come back.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The caller has checked that `text` is well-formed: a lone surrogate would become U+FFFD. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}

/** The text, or `undefined` where `bytes` are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
