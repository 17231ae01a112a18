/**
 * Whether this browser, at this address, can have a secure channel.
 *
 * - `insecure`: the page came over plain http from another machine, so browsers withhold cryptography and camera.
 * - `old`: the browser has no X25519.
 */
export type Surroundings = "ok" | "insecure" | "old";

export async function surroundings(): Promise<Surroundings> {
  if (!globalThis.isSecureContext || globalThis.crypto.subtle === undefined) return "insecure";
  try {
    await crypto.subtle.generateKey({ name: "X25519" }, false, ["deriveBits"]);
    return "ok";
  } catch {
    return "old";
  }
}
