import { MAX_BASE_URL_BYTES } from "../lib/base-url.ts";
import { encodeUtf8 } from "../lib/text.ts";
import { ChannelError } from "./errors.ts";

/**
 * Which of the two profiles of MSC4388's secure channel to speak; both devices must speak the same.
 *
 * - `msc`: the text of the MSC as of July 2026 (726e115).
 * - `vodozemac`: the Rust crate of that name, 0.11.1, and what matrix-rust-sdk makes of it. It has another label for the
 *   response, and authenticates the base URL as a URL parser writes it: `https://example.org/` where the QR code has
 *   `https://example.org`.
 */
export type Profile = "msc" | "vodozemac";

/** The label of the secret that G's sending context is made of. MSC4388 "5. Device G confirms". */
export const RESPONSE_LABELS: Readonly<Record<Profile, string>> = {
  msc: "MATRIX_QR_CODE_LOGIN response",
  vodozemac: "MATRIX_QR_CODE_LOGIN_RESPONSE",
};

/** The base URL as it is authenticated with each message. @throws ChannelError `unsuitable_code` */
export function authenticatedBaseUrl(profile: Profile, baseUrl: string): string {
  const authenticated = profile === "vodozemac" ? new URL(baseUrl).href : baseUrl;
  // A URL parser can make one longer than two bytes can say; what two bytes then said would be ambiguous.
  if (encodeUtf8(authenticated).length <= MAX_BASE_URL_BYTES) return authenticated;
  throw new ChannelError("unsuitable_code", `the base URL is over ${MAX_BASE_URL_BYTES} bytes once it is parsed`);
}
