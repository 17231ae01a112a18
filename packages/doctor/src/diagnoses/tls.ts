import type { TlsFailure } from "../failure.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** Diagnoses about TLS and HTTP/2. */
export type TlsName = TlsFailure | "tls_expires_soon" | "no_tls" | "no_http2" | "http2_broken";

/** What keeps clients from talking to the homeserver in private. */
export const TLS: Readonly<Record<TlsName, Diagnosis>> = {
  tls_expired: {
    effect: "breaks",
    says: "{what}: the certificate of {url} has expired on {detail}.",
    change: "Renew it, and reload the reverse proxy: it keeps the old one until then.",
  },
  tls_not_yet: {
    effect: "breaks",
    says: "{what}: the certificate of {url} is valid from {detail} on, and not yet.",
    change: "See whether the clock here is right. If it is, use the certificate that was there before.",
  },
  tls_self_signed: {
    effect: "breaks",
    says: "{what}: the certificate of {url} is signed by itself ({detail}), and no client trusts it.",
    change:
      "Get one of a public authority, and name it in ssl_certificate (nginx) or SSLCertificateFile (Apache); Caddy gets one by itself unless tls internal is set.",
  },
  tls_wrong_name: {
    effect: "breaks",
    says: "{what}: the certificate of {url} is for another name: {detail}.",
    change:
      "Get one that has this name among its subject alternative names, or correct server_name (nginx), ServerName (Apache) or the site's name (Caddy).",
  },
  tls_incomplete: {
    effect: "breaks",
    says: "{what}: {url} sends its own certificate and not that of the authority that signed it ({detail}). Browsers may have it from elsewhere; other clients refuse.",
    change:
      "Send the whole chain: fullchain.pem, not cert.pem, in ssl_certificate (nginx) or SSLCertificateFile (Apache). If that authority is one of your own, clients do not know it: use a public one.",
  },
  tls_untrusted: {
    effect: "breaks",
    says: "{what}: the certificate of {url} is signed by {detail}, an authority that clients do not trust.",
    change: "Use a certificate of a public authority: clients cannot be told of another.",
  },
  tls_not_spoken: {
    effect: "breaks",
    says: "{what}: what listens at {url} does not speak TLS.",
    change:
      "Give the port that does: listen 443 ssl (nginx), SSLEngine on (Apache); Synapse's own port 8008 is for the reverse proxy alone.",
  },
  tls_failed: {
    effect: "breaks",
    says: "{what}: no TLS connection to {url} came about ({detail}).",
    change:
      "See that TLS 1.2 or newer is switched on, with ciphers of today: ssl_protocols and ssl_ciphers (nginx), SSLProtocol and SSLCipherSuite (Apache), tls (Caddy).",
  },
  tls_expires_soon: {
    effect: "note",
    says: "The certificate is valid for {days} more days.",
    change: "See that it is renewed by itself.",
  },
  no_tls: {
    effect: "hinders",
    says: "{url} is not encrypted. Web clients and most others talk to no homeserver without TLS.",
    change:
      "Put a reverse proxy with a certificate in front of the homeserver, and give its https URL as public_baseurl in homeserver.yaml and in .well-known/matrix/client.",
  },
  no_http2: {
    effect: "note",
    says: "HTTP/2 is not offered. Sign-in works without it; clients that poll need fewer connections with it.",
    change: "Switch it on in the reverse proxy: http2 on; (nginx), Protocols h2 http/1.1 (Apache).",
  },
  http2_broken: {
    effect: "hinders",
    says: "HTTP/2 is agreed to, and a request by it is not answered ({detail}). Browsers and most clients use it.",
    change:
      "See the log of the reverse proxy, or switch it off there: http2 off; (nginx), Protocols http/1.1 (Apache), protocols h1 (Caddy).",
  },
};
