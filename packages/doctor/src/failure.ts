/** Why clients refuse a TLS connection; each is a diagnosis. */
export type TlsFailure =
  | "tls_expired"
  | "tls_not_yet"
  | "tls_self_signed"
  | "tls_wrong_name"
  | "tls_incomplete"
  | "tls_untrusted"
  | "tls_not_spoken"
  | "tls_failed";

/** Why no answer came; each is a diagnosis. */
export type Failure =
  | TlsFailure
  | "host_unknown"
  | "connection_refused"
  | "connection_lost"
  | "timeout"
  | "redirect_loop"
  | "body_too_large"
  | "unfinished";

// Each runtime has words of its own for the same thing. The first that fits counts.
const WORDS: readonly (readonly [Failure, RegExp])[] = [
  ["timeout", /TimeoutError|ETIMEDOUT|UND_ERR_\w+_TIMEOUT|timed out/i],
  ["host_unknown", /ENOTFOUND|EAI_AGAIN|FailedToOpenSocket|dns error|getaddrinfo/i],
  ["tls_not_spoken", /WRONG_VERSION_NUMBER|InvalidContentType/],
  [
    "connection_refused",
    /ECONNREFUSED|ConnectionRefused|Connection refused|Unable to connect|EHOSTUNREACH|ENETUNREACH/i,
  ],
  ["tls_failed", /ERR_SSL|EPROTO|SSL routines|tls|CERT_|SIGNED|SIGNATURE|PURPOSE|certificate/i],
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
