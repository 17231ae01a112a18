/** Texts that stand for bytes one to one, as QR codes and base64 have them. */
export function bytesOf(binary: string): Uint8Array {
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

export function binaryOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
}

/** Unpadded base64, as payloads are. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(binaryOf(bytes)).replace(/=+$/, "");
}

/** The bytes of unpadded base64, or `undefined` where `text` is none. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (!/^[0-9A-Za-z+/]*$/.test(text) || text.length % 4 === 1) return undefined;
  return bytesOf(atob(text));
}

/** Two digits for each byte. */
export function toHex(bytes: Uint8Array): string[] {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
}
