import { test } from "@matrix-rendezvous/testkit/runner";
import { type Case, check } from "./examination.ts";
import { ACCESS_TOKEN, at, FLAGS, metadata, pathOf } from "./stand-in.ts";

const NO = "no no no no";
const YES = "yes yes yes yes";
const PAGE = (): Response => new Response("<!doctype html><p>Log in</p>", { headers: { "Content-Type": "text/html" } });
const WELL_KNOWN = "/.well-known/matrix/client";
const METADATA = "/_matrix/client/v1/auth_metadata";
const notFound = (): Response =>
  Response.json({ errcode: "M_UNRECOGNIZED", error: "Unrecognized request" }, { status: 404 });

const CASES: readonly Case[] = [
  {
    name: ".well-known is a web page",
    spoil: at(WELL_KNOWN, PAGE),
    answers: NO,
    finding: "well_known_invalid",
    says: ".well-known/matrix/client is no JSON object with m.homeserver and a base_url in it (200, a web page). Clients refuse to go on.",
  },
  {
    name: ".well-known is not there",
    spoil: at(WELL_KNOWN, notFound),
    answers: YES,
    finding: "well_known_missing",
    says: "There is no .well-known/matrix/client. Clients then take the server name itself for the homeserver's address.",
  },
  {
    name: ".well-known without CORS",
    spoil: at(WELL_KNOWN, (request) => Response.json({ "m.homeserver": { base_url: new URL(request.url).origin } })),
    answers: "limited limited limited limited",
    finding: "well_known_cors",
    says: ".well-known/matrix/client comes without Access-Control-Allow-Origin: *. Web clients do not get to see it.",
  },
  {
    name: "a slash at the end of the base URL",
    spoil: at(WELL_KNOWN, (request) => {
      const body = { "m.homeserver": { base_url: `${new URL(request.url).origin}/` } };
      return Response.json(body, { headers: { "Access-Control-Allow-Origin": "*" } });
    }),
    answers: YES,
    finding: "base_url_slash",
    says: "The base URL URL/ ends with a slash. Clients take it off; those that join paths by hand get //_matrix, which is another path.",
  },
  {
    name: "a captive portal answers everything",
    spoil: PAGE,
    answers: NO,
    finding: "html_answer",
    says: "/versions: a web page came back (200), not the homeserver's answer. A captive portal, a login page or the web server itself answers here.",
  },
  {
    name: "no homeserver there",
    spoil: at("/_matrix/client/versions", notFound),
    answers: NO,
    finding: "not_a_homeserver",
    says: "GET /_matrix/client/versions is 404: there is no homeserver at this address, or the path is not routed to it.",
  },
  {
    name: "the reverse proxy does not reach the homeserver",
    spoil: at("/_matrix", () => new Response("Bad Gateway", { status: 502 })),
    answers: NO,
    finding: "backend_away",
    says: "/versions: 502. The reverse proxy does not reach what it is to pass this on to.",
  },
  {
    name: "the flag of the 2024 version is missing",
    spoil: at("/_matrix/client/versions", () => Response.json({ versions: ["v1.15"], unstable_features: {} })),
    answers: "no no yes yes",
    finding: "flag_missing_2024",
    says: "Sessions of the 2024 version can be created, and /versions does not have org.matrix.msc4108: true among its unstable_features. Clients do not look further.",
  },
  {
    name: "no device authorization grant",
    spoil: at(METADATA, () => Response.json({ issuer: "https://a/", grant_types_supported: ["authorization_code"] })),
    answers: NO,
    finding: "no_device_grant",
    says: "The authentication service does not offer the device authorization grant: urn:ietf:params:oauth:grant-type:device_code is not among its grant_types_supported. No client offers a QR code then, whatever else is set.",
  },
  {
    name: "the device grant without its endpoint",
    spoil: at(METADATA, () => Response.json({ ...metadata(""), device_authorization_endpoint: undefined })),
    answers: NO,
    finding: "no_device_endpoint",
    says: "The OAuth metadata has the device authorization grant and no device_authorization_endpoint: clients cannot use it.",
  },
  {
    name: "the homeserver keeps its accounts itself",
    spoil: (request, next) => {
      if (pathOf(request).endsWith("/login")) return Response.json({ flows: [{ type: "m.login.password" }] });
      return pathOf(request).endsWith("/auth_metadata") ? notFound() : next(request);
    },
    answers: NO,
    finding: "own_accounts",
    says: "The homeserver still keeps registration and passwords itself (/login offers m.login.password): there is no authentication service, and clients offer no QR code without one.",
  },
  {
    name: "auth_metadata is not routed",
    spoil: (request, next) => (pathOf(request).endsWith("/auth_metadata") ? notFound() : next(request)),
    answers: NO,
    finding: "no_auth_metadata",
    says: "The homeserver names no authentication service: auth_metadata is 404. Clients offer no QR code without one.",
  },
  {
    name: "auth_metadata at the unstable path only",
    spoil: (request, next) => {
      if (pathOf(request) === METADATA) return notFound();
      return pathOf(request).endsWith("/auth_metadata") ? Response.json(metadata("https://auth")) : next(request);
    },
    answers: YES,
    finding: "auth_metadata_unstable",
    says: "The OAuth metadata is at the unstable path only. Newer clients ask the stable one.",
  },
  {
    name: "the authentication service is away",
    spoil: at(METADATA, () => Response.json({ errcode: "M_UNKNOWN" }, { status: 500 })),
    answers: NO,
    finding: "auth_service_away",
    says: "The homeserver does not get through to its authentication service (auth_metadata is 500).",
  },
  {
    name: "both versions are off",
    mode: "off",
    spoil: at("/_matrix/client/versions", () => Response.json({ versions: ["v1.15"] })),
    answers: "off off off off",
    finding: "off_2025",
    says: "The 2025 version is off.",
  },
  {
    name: "an old Synapse, with the mode by its old name",
    mode: "off",
    spoil: at("/_matrix/client/versions", () => {
      const body = { versions: ["v1.15"], unstable_features: { "io.element.msc4388": true } };
      return Response.json(body, { headers: { Server: "Synapse/1.147.0" } });
    }),
    answers: "off off no no",
    finding: "old_synapse",
    says: "/versions offers io.element.msc4388, and discovery is 404: this is an older Synapse (Synapse/1.147.0), whose 2025 version is not what clients speak.",
  },
  {
    name: "the path for creating is not routed",
    mode: "off",
    spoil: at("/_matrix/client/versions", () => Response.json({ versions: ["v1.15"], unstable_features: FLAGS })),
    answers: "no no off off",
    finding: "create_not_routed_2024",
    says: "/versions offers the 2024 version, and the path where sessions are created is 404 (URL/_matrix/client/unstable/org.matrix.msc4108/rendezvous): the reverse proxy does not route it, or sends it to a worker that has no such route.",
  },
  {
    name: "who creates must be signed in, and no access token is given",
    mode: "authenticated",
    answers: "yes yes off unknown",
    finding: "token_not_given",
    says: "Whether an existing device can show a code of the 2025 version takes an access token to find out.",
  },
  {
    name: "who creates must be signed in, and an access token is given",
    mode: "authenticated",
    options: { accessToken: ACCESS_TOKEN },
    answers: "yes yes off yes",
    finding: "needs_token",
    says: "Only who is signed in may create sessions of the 2025 version: a new device cannot show a code, and scans the one of an existing device.",
  },
  {
    name: "the access token is not taken",
    mode: "authenticated",
    options: { accessToken: "syt_of_nobody" },
    answers: "yes yes off no",
    finding: "token_refused",
    says: "The homeserver does not take the access token that was given (401).",
  },
];

for (const one of CASES) test(one.name, () => check(one));
