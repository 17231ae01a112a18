import type { Diagnosis } from "./diagnosis.ts";

/** Diagnoses about the 2024 version. */
export type Name2024 =
  | "off_2024"
  | "flag_missing_2024"
  | "create_not_routed_2024"
  | "create_failed_2024"
  | "create_invalid_2024"
  | "delegation_dead"
  | "delegation_slash"
  | "redirect_cors"
  | "session_url_http"
  | "session_url_local"
  | "session_url_slashes"
  | "session_not_routed_2024"
  | "session_lost_2024"
  | "content_type"
  | "etag_missing"
  | "etag_mangled"
  | "etag_changed"
  | "etag_unquoted"
  | "etag_same"
  | "if_match_ignored"
  | "if_none_match_ignored"
  | "write_refused_2024"
  | "payload_changed_2024"
  | "expires_invalid"
  | "expires_missing"
  | "not_deleted_2024";

/** What happens to sessions of the 2024 version (MSC4108). */
export const VERSION_2024: Readonly<Record<Name2024, Diagnosis>> = {
  off_2024: {
    effect: "off",
    says: "The 2024 version, which released clients speak, is off.",
    change:
      "In homeserver.yaml: experimental_features.msc4108_enabled: true, or msc4108_delegation_endpoint with the address of a rendezvous server.",
  },
  flag_missing_2024: {
    effect: "breaks",
    says: "Sessions of the 2024 version can be created, and /versions does not have org.matrix.msc4108: true among its unstable_features. Clients do not look further.",
    change:
      "In homeserver.yaml: experimental_features.msc4108_delegation_endpoint with the address where sessions are created (or msc4108_enabled: true). If it is set: something answers /versions out of a cache, or from another worker.",
  },
  create_not_routed_2024: {
    effect: "breaks",
    says: "/versions offers the 2024 version, and the path where sessions are created is 404 ({url}): the reverse proxy does not route it, or sends it to a worker that has no such route.",
    change:
      "Send /_matrix/client/unstable/org.matrix.msc4108/rendezvous to Synapse's main process, or to the rendezvous server.",
  },
  create_failed_2024: {
    effect: "breaks",
    says: "Creating a session of the 2024 version is refused ({status} {errcode}).",
    change: "See the log of the homeserver for this request.",
  },
  create_invalid_2024: {
    effect: "breaks",
    says: "The answer to a creation has no url in it that clients can use ({status}).",
    change: "See what answers there: it is to be 201 with a JSON object.",
  },
  delegation_dead: {
    effect: "breaks",
    says: "The homeserver sends those who create sessions on to {url}, and there is no rendezvous server there ({detail}).",
    change:
      "Correct experimental_features.msc4108_delegation_endpoint in homeserver.yaml, or start the rendezvous server that it names.",
  },
  delegation_slash: {
    effect: "breaks",
    says: "The homeserver sends those who create sessions on to {url}, with a slash at its end, which is another path and 404.",
    change: "Take the slash off the end of experimental_features.msc4108_delegation_endpoint in homeserver.yaml.",
  },
  redirect_cors: {
    effect: "hinders",
    says: "The redirect to where sessions are created comes without Access-Control-Allow-Origin: *. Browsers do not follow it.",
    change: "Pass Synapse's CORS headers on with the 307.",
  },
  session_url_http: {
    effect: "breaks",
    says: "The session's URL begins with http, though it was created by https: {url}. It goes into the QR code, and clients do not open it.",
    change: "Put https into public_baseurl in homeserver.yaml (or --public-url of the rendezvous server).",
  },
  session_url_local: {
    effect: "breaks",
    says: "The session's URL is {url}, which other machines cannot reach. It goes into the QR code as it is.",
    change:
      "Put the address that clients use into public_baseurl in homeserver.yaml (or --public-url of the rendezvous server).",
  },
  session_url_slashes: {
    effect: "breaks",
    says: "The session's URL has two slashes in its path: {url}. That is another path, and not found.",
    change: "Take the slash off the end of --public-url of the rendezvous server, or of public_baseurl.",
  },
  session_not_routed_2024: {
    effect: "breaks",
    says: "A session was created, and its URL is 404 by a server that does not know the path: {url}.",
    change:
      "Send /_synapse/client/rendezvous in the reverse proxy to where sessions are created: Synapse's main process, or the rendezvous server.",
  },
  session_lost_2024: {
    effect: "breaks",
    says: "A session was gone right after it had been created. Several processes answer, and each knows only its own sessions; or the limit of sessions is reached, and others throw it out.",
    change:
      "Send all rendezvous paths to one process of Synapse (its main process), or give all replicas of the rendezvous server one shared --store.",
  },
  content_type: {
    effect: "breaks",
    says: 'The Content-Type of a payload is "{value}", not exactly text/plain. Clients drop the message without a word.',
    change:
      "Take out what adds a charset: charset utf-8; (nginx: charset off; for these paths), AddDefaultCharset (Apache: AddDefaultCharset Off), and rules that set Content-Type.",
  },
  etag_missing: {
    effect: "breaks",
    says: "{what}: no ETag. Clients need it on every answer, or the sign-in ends.",
    change:
      "Let it through: no proxy_hide_header ETag or rewriting filter such as sub_filter (nginx), no FileETag None or Header unset ETag (Apache), compression and rewriting off for these paths (CDNs).",
  },
  etag_mangled: {
    effect: "breaks",
    says: "The ETag is changed on the way: {plain} becomes {mangled} in compressed answers, and the server does not take that back (412). Devices write in vain for ever.",
    change:
      "Switch compression off for /_synapse/client/rendezvous: gzip off; (nginx), SetEnv no-gzip 1 or DeflateAlterETag NoChange (Apache), a configuration rule for these paths (Cloudflare). Or use a rendezvous server that accepts such ETags.",
  },
  etag_changed: {
    effect: "note",
    says: "The ETag is changed on the way ({plain} becomes {mangled} in compressed answers). The server takes it back all the same.",
    change: "Nothing. To be safe, switch compression off for /_synapse/client/rendezvous.",
  },
  etag_unquoted: {
    effect: "hinders",
    says: "The ETag is without quotes: {etag}. Cloudflare and others drop such ETags.",
    change: "Send it in double quotes, as RFC 9110 wants it.",
  },
  etag_same: {
    effect: "breaks",
    says: "A write did not change the ETag: the other device does not notice the message.",
    change: "See whether a cache answers, and report it to whoever makes the rendezvous server.",
  },
  if_match_ignored: {
    effect: "hinders",
    says: "A write with an old ETag was accepted ({status}): If-Match does not get through. Two devices that write at the same time lose a message.",
    change: 'Pass If-Match on to the server: no proxy_set_header If-Match "" (nginx), no RequestHeader unset (Apache).',
  },
  if_none_match_ignored: {
    effect: "hinders",
    says: "Asking with If-None-Match for what has not changed gives {status}, not 304. Devices take the old payload for a new message.",
    change:
      "Pass If-None-Match on to the server: caches that clear it (proxy_cache in nginx) must be off for these paths.",
  },
  write_refused_2024: {
    effect: "breaks",
    says: "{what} is refused ({status} {errcode}) with the ETag {etag}, which is the current one.",
    change: "See whether the reverse proxy changes or drops If-Match and ETag.",
  },
  payload_changed_2024: {
    effect: "breaks",
    says: "{what}: the payload came back changed.",
    change:
      "Switch off what rewrites answers on the way (sub_filter, mod_substitute, minification), and report it to whoever makes the server if there is none.",
  },
  expires_invalid: {
    effect: "breaks",
    says: 'The Expires header of a session is "{value}". matrix-js-sdk cancels at once when it does not parse, or is past, or more than 24 days ahead.',
    change:
      "Pass the server's Expires on: no expires directive (nginx), no ExpiresActive (Apache). If it is the server's own: set its clock.",
  },
  expires_missing: {
    effect: "note",
    says: "A session comes without Expires: clients do not learn when it ends.",
    change:
      "Pass the server's Expires on: no expires directive or proxy_hide_header (nginx), no ExpiresActive (Apache).",
  },
  not_deleted_2024: {
    effect: "note",
    says: "A deleted session is still there ({status}): it stays until it expires.",
    change: "Pass DELETE on to the server.",
  },
};
