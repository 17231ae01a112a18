/**
 * Which of the two dialects of MSC4388's secure channel to speak; both devices must speak the same.
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

/** The base URL as it is authenticated with each message. */
export function authenticatedBaseUrl(profile: Profile, baseUrl: string): string {
  return profile === "vodozemac" ? new URL(baseUrl).href : baseUrl;
}
