/** Why no answer came; each is a diagnosis. */
export type Failure =
  | "host_unknown"
  | "connection_refused"
  | "connection_lost"
  | "timeout"
  | "tls_expired"
  | "tls_wrong_name"
  | "tls_untrusted"
  | "tls_failed"
  | "redirect_loop"
  | "body_too_large";

// Each runtime has words of its own for the same thing. The first that fits counts.
const WORDS: readonly (readonly [Failure, RegExp])[] = [
  ["timeout", /TimeoutError|ETIMEDOUT|UND_ERR_\w+_TIMEOUT|timed out/i],
  ["host_unknown", /ENOTFOUND|EAI_AGAIN|FailedToOpenSocket|dns error|getaddrinfo/i],
  ["tls_expired", /CERT_HAS_EXPIRED|certificate: Expired|certificate has expired/i],
  ["tls_wrong_name", /ALTNAME_INVALID|NotValidForName|not valid for name|hostname mismatch/i],
  ["tls_untrusted", /SELF_SIGNED|UNABLE_TO_(VERIFY|GET)|UnknownIssuer|CaUsedAsEndEntity|self.signed|unknown.*issuer/i],
  ["tls_failed", /ERR_SSL|EPROTO|SSL routines|tls|certificate|InvalidContentType/i],
  [
    "connection_refused",
    /ECONNREFUSED|ConnectionRefused|Connection refused|Unable to connect|EHOSTUNREACH|ENETUNREACH/i,
  ],
];

export function failureOf(error: unknown): { readonly failure: Failure; readonly detail: string } {
  const parts: string[] = [];
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = "code" in at && typeof at.code === "string" ? at.code : "";
    parts.push(`${at.name} ${code} ${at.message}`);
  }
  const all = parts.join(" ");
  const [failure] = WORDS.find(([, words]) => words.test(all)) ?? ["connection_lost" as const];
  return { failure, detail: parts.at(-1) ?? String(error) };
}
