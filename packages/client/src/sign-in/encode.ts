import type { SignInMessage } from "./messages.ts";
import { parseSignInMessage } from "./parse.ts";

/**
 * A message as text for the secure channel.
 *
 * @throws SignInMessageError where the other device would have to refuse it
 *
 * @example
 * ```ts
 * import { encodeSignInMessage } from "@matrix-rendezvous/client";
 *
 * console.log(encodeSignInMessage({ type: "m.login.failure", reason: "user_cancelled" }));
 * ```
 */
export function encodeSignInMessage(message: SignInMessage): string {
  const parsed = parseSignInMessage(JSON.stringify(message));
  if (!parsed.ok) throw parsed.error;
  return JSON.stringify(parsed.value);
}
