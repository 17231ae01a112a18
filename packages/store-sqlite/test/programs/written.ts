/** When everything is written, and still live, in Unix milliseconds. */
export const NOW = 1_700_000_000_000;

/** What is stored under a token: 0 to 4,096 bytes that are of no other token. */
export function payloadOf(token: string): Uint8Array {
  let state = 0;
  for (const character of token) state = (state * 31 + character.charCodeAt(0)) >>> 0;
  return Uint8Array.from({ length: state % 4097 }, (_, index) => (state >>> (index % 25)) ^ index);
}
