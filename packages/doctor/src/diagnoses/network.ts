import type { Failure, TlsFailure } from "../failure.ts";
import type { Diagnosis } from "./diagnosis.ts";

/** Diagnoses about the way to the homeserver. */
export type NetworkName =
  | Exclude<Failure, TlsFailure | "unfinished">
  | "not_an_address"
  | "html_answer"
  | "firewall"
  | "rate_limited"
  | "backend_away"
  | "redirect_loses_body"
  | "method_refused"
  | "body_limit"
  | "cached_by_cdn"
  | "old_payload"
  | "cacheable";

/** Why nothing came, or nothing of the homeserver's. */
export const NETWORK: Readonly<Record<NetworkName, Diagnosis>> = {
  not_an_address: {
    effect: "breaks",
    says: "This is no URL, no server name and no user ID.",
    change: "Give one such as https://matrix.example.org, example.org or @alice:example.org.",
  },
  host_unknown: {
    effect: "breaks",
    says: "{what}: the name in {url} is not known to DNS.",
    change: "Correct the name, or add its A or AAAA record.",
  },
  connection_refused: {
    effect: "breaks",
    says: "{what}: nothing listens at {url}.",
    change:
      "Start what is to listen there (a Synapse that finds a mistake in its settings does not start: see its log), or open the port in the firewall.",
  },
  connection_lost: {
    effect: "breaks",
    says: "{what}: {url} hung up before it had answered ({detail}).",
    change: "See the error log of the reverse proxy, and of what is behind it, for the time of this request.",
  },
  timeout: {
    effect: "breaks",
    says: "{what}: {url} did not answer in time.",
    change: "See whether a firewall drops the packets, and whether the homeserver is overloaded.",
  },
  redirect_loop: {
    effect: "breaks",
    says: "{what}: {url} redirects again and again.",
    change:
      "Follow the Location headers with curl -IL. Mostly two servers send to each other: from http to https and back, or to www and back.",
  },
  body_too_large: {
    effect: "breaks",
    says: "{what}: the answer from {url} is far longer than any such answer, and was not read to its end.",
    change: "See what is served at that path: it is not a Matrix homeserver's answer.",
  },
  html_answer: {
    effect: "breaks",
    says: "{what}: a web page came back ({status}), not the homeserver's answer. A captive portal, a login page or the web server itself answers here.",
    change:
      "Send /_matrix and /_synapse/client to the homeserver in the reverse proxy (location in nginx, ProxyPass in Apache, handle in Caddy), and take these paths out of single sign-on.",
  },
  firewall: {
    effect: "breaks",
    says: "{what}: a web page with 403 came back. A firewall or a protection against bots refuses what clients send.",
    change:
      "Let /_matrix and /_synapse/client through without checks: no browser challenge, no rule against PUT and DELETE.",
  },
  rate_limited: {
    effect: "hinders",
    says: "{what}: refused with 429, too many requests, though clients send as many.",
    change:
      "Raise the limit of the reverse proxy (limit_req in nginx) or of the rendezvous server for these paths: two devices poll once a second each.",
  },
  backend_away: {
    effect: "breaks",
    says: "{what}: {status}. The reverse proxy does not reach what it is to pass this on to.",
    change:
      "See that the server behind it runs, and that proxy_pass (nginx), ProxyPass (Apache) or reverse_proxy (Caddy) names its address and port. If other requests get through: a limit_req of nginx refuses with 503, too, and is to be raised for these paths.",
  },
  redirect_loses_body: {
    effect: "breaks",
    says: "{what}: redirected with {status}, which turns what clients send into a GET without a body.",
    change:
      "Redirect with 307 or 308, or better give clients the URL to which this leads: public_baseurl in homeserver.yaml and base_url in .well-known/matrix/client.",
  },
  method_refused: {
    effect: "breaks",
    says: "{what}: the method {method} is refused with {status}.",
    change:
      "Let GET, POST, PUT, DELETE and OPTIONS through for these paths: limit_except (nginx), <Limit> (Apache), the methods that a firewall lets pass.",
  },
  body_limit: {
    effect: "breaks",
    says: "{what}: a body of {size} bytes is refused ({status}). Clients send payloads of up to 4,096 bytes, which can be 24 KiB of JSON.",
    change:
      "Raise the limit for these paths to 32 KiB or more: client_max_body_size (nginx), request_body max_size (Caddy).",
  },
  cached_by_cdn: {
    effect: "breaks",
    says: "{what}: an old answer came back, out of a cache on the way ({headers}). Devices never see each other's messages.",
    change:
      "Let nothing cache these paths: no proxy_cache (nginx), no CacheEnable (Apache), a rule that bypasses the cache in the CDN; heed Cache-Control: no-store.",
  },
  old_payload: {
    effect: "breaks",
    says: "A write was accepted, and what the session held before came back. A cache answers and does not say so, or the write went elsewhere. Devices never see each other's messages.",
    change:
      "Let nothing cache these paths: no proxy_cache (nginx), no CacheEnable (Apache); and send their GET and PUT to the same server.",
  },
  cacheable: {
    effect: "hinders",
    says: "{what}: the answer does not say Cache-Control: no-store. Browsers and caches on the way may answer with what they remember.",
    change:
      "Pass the server's Cache-Control on unchanged: no proxy_hide_header, no expires (nginx), no Header set Cache-Control (Apache).",
  },
};
