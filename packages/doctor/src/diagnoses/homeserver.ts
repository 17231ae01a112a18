import type { Diagnosis } from "./diagnosis.ts";

/** Diagnoses about the homeserver itself. */
export type HomeserverName =
  | "well_known_missing"
  | "well_known_invalid"
  | "well_known_cors"
  | "base_url_http"
  | "base_url_slash"
  | "not_a_homeserver"
  | "versions_invalid"
  | "own_accounts"
  | "no_auth_metadata"
  | "auth_service_away"
  | "auth_metadata_invalid"
  | "auth_metadata_unstable"
  | "no_device_grant"
  | "no_device_endpoint"
  | "device_endpoint_http"
  | "token_refused";

/** What the homeserver says of itself. */
export const HOMESERVER: Readonly<Record<HomeserverName, Diagnosis>> = {
  well_known_missing: {
    effect: "note",
    says: "There is no .well-known/matrix/client. Clients then take the server name itself for the homeserver's address.",
    change:
      "Where the homeserver is at another address, serve the file there: Synapse does once public_baseurl is set, if the reverse proxy passes /.well-known/matrix/client on to it.",
  },
  well_known_invalid: {
    effect: "breaks",
    says: ".well-known/matrix/client is no JSON object with m.homeserver and a base_url in it ({status}). Clients refuse to go on.",
    change: 'Serve {"m.homeserver": {"base_url": "https://matrix.example.org"}} there.',
  },
  well_known_cors: {
    effect: "hinders",
    says: ".well-known/matrix/client comes without Access-Control-Allow-Origin: *. Web clients do not get to see it.",
    change:
      "Send the header with that file: add_header Access-Control-Allow-Origin * always; (nginx), Header always set (Apache), header (Caddy).",
  },
  base_url_http: {
    effect: "breaks",
    says: "The homeserver's base URL is {url}, with http, though .well-known was asked by https. Clients do not go from https to http.",
    change: "Put https into base_url in .well-known/matrix/client and into public_baseurl in homeserver.yaml.",
  },
  base_url_slash: {
    effect: "note",
    says: "The base URL {url} ends with a slash. Clients take it off; those that join paths by hand get //_matrix, which is another path.",
    change: "Write it without the slash where .well-known/matrix/client is a file. Synapse adds the slash to its own.",
  },
  not_a_homeserver: {
    effect: "breaks",
    says: "GET /_matrix/client/versions is 404: there is no homeserver at this address, or the path is not routed to it.",
    change:
      "Send /_matrix to the homeserver in the reverse proxy; for a rendezvous server without a homeserver, run with --rendezvous-only.",
  },
  versions_invalid: {
    effect: "breaks",
    says: "GET /_matrix/client/versions is not answered as a homeserver answers ({status}).",
    change: "See what is served there, and whether the homeserver is healthy.",
  },
  own_accounts: {
    effect: "breaks",
    says: "The homeserver still keeps registration and passwords itself (/login offers m.login.password): there is no authentication service, and clients offer no QR code without one.",
    change:
      "Set up Matrix Authentication Service, then matrix_authentication_service.enabled: true in homeserver.yaml. Synapse starts with that only once password_config.enabled and enable_registration are false.",
  },
  no_auth_metadata: {
    effect: "breaks",
    says: "The homeserver names no authentication service: auth_metadata is 404. Clients offer no QR code without one.",
    change:
      "Set up Matrix Authentication Service, and matrix_authentication_service.enabled: true in homeserver.yaml; see that the reverse proxy passes /_matrix/client/v1/auth_metadata on.",
  },
  auth_service_away: {
    effect: "breaks",
    says: "The homeserver does not get through to its authentication service (auth_metadata is {status}).",
    change:
      "See that it runs, and that matrix_authentication_service.endpoint in homeserver.yaml leads to it from the homeserver's machine.",
  },
  auth_metadata_invalid: {
    effect: "breaks",
    says: "auth_metadata is no JSON object ({status}).",
    change: "See what is served there: it should be the homeserver's answer.",
  },
  auth_metadata_unstable: {
    effect: "note",
    says: "The OAuth metadata is at the unstable path only. Newer clients ask the stable one.",
    change: "Update the homeserver, or pass /_matrix/client/v1/auth_metadata on.",
  },
  no_device_grant: {
    effect: "breaks",
    says: "The authentication service does not offer the device authorization grant: {grant} is not among its grant_types_supported. No client offers a QR code then, whatever else is set.",
    change:
      "In the configuration of Matrix Authentication Service, take out oauth.device_code_grant_enabled: false; before 0.8 it has no such grant: update it.",
  },
  no_device_endpoint: {
    effect: "breaks",
    says: "The OAuth metadata has the device authorization grant and no device_authorization_endpoint: clients cannot use it.",
    change:
      "See that http.public_base of Matrix Authentication Service is right, and that nothing on the way changes its metadata.",
  },
  device_endpoint_http: {
    effect: "breaks",
    says: "The device_authorization_endpoint is {url}, with http, while the homeserver is reached by https.",
    change: "Put https into http.public_base of Matrix Authentication Service.",
  },
  token_refused: {
    effect: "breaks",
    says: "The homeserver does not take the access token that was given ({status}).",
    change: "Give a fresh one of a user who is logged in, in the file of --access-token-file.",
  },
};
