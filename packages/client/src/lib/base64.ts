/** Unpadded standard base64, as the Matrix specification has it. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/=+$/, "");
}

/** The bytes, or `undefined` where `text` is not exactly what {@link encodeBase64} gives for some bytes. */
export function decodeBase64(text: string): Uint8Array | undefined {
  // atob takes spaces, padding and stray bits in the last character: many texts would stand for the same bytes.
  if (!/^[0-9A-Za-z+/]*$/.test(text) || text.length % 4 === 1) return undefined;
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  return encodeBase64(bytes) === text ? bytes : undefined;
}
