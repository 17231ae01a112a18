import { test } from "@matrix-rendezvous/testkit/runner";
import { type Case, check } from "./examination.ts";
import {
  bodyLimit,
  CREATE_2024,
  caching,
  everyOtherProcess,
  PATH_2025,
  refusing,
  SESSIONS_2024,
  sessionUrl,
  unconditional,
  withHeaders,
} from "./spoils.ts";
import { at, pathOf } from "./stand-in.ts";

const NO_2024 = "no no yes yes";
const NO_2025 = "yes yes no no";
const YES = "yes yes yes yes";

const notFound = (): Response =>
  new Response("<html>404 Not Found</html>", { status: 404, headers: { "Content-Type": "text/html" } });
const isPacked = (request: Request): boolean => request.headers.get("Accept-Encoding")?.includes("gzip") ?? false;

const CASES: readonly Case[] = [
  {
    name: "a charset is added to text/plain",
    spoil: withHeaders(SESSIONS_2024, () => ({ "Content-Type": "text/plain; charset=utf-8" })),
    answers: NO_2024,
    finding: "content_type",
    says: 'The Content-Type of a payload is "text/plain; charset=utf-8", not exactly text/plain. Clients drop the message without a word.',
  },
  {
    name: "ETags are taken off",
    spoil: withHeaders(SESSIONS_2024, () => ({ ETag: null })),
    answers: NO_2024,
    finding: "etag_missing",
    says: "reading: no ETag. Clients need it on every answer, or the sign-in ends.",
  },
  {
    name: "ETags are weakened by compression, and taken back",
    spoil: withHeaders(SESSIONS_2024, (headers, request) =>
      isPacked(request) ? { ETag: `W/${headers.get("ETag")}` } : {},
    ),
    answers: YES,
    finding: "etag_changed",
    says: 'The ETag is changed on the way ("ETAG" becomes W/"ETAG" in compressed answers). The server takes it back all the same.',
  },
  {
    name: "writes are answered on the way, and go nowhere",
    spoil: (request, next) => {
      if (request.method !== "PUT" || !pathOf(request).startsWith(SESSIONS_2024)) return next(request);
      return new Response("", { status: 202, headers: { ETag: '"always"', "Content-Type": "text/plain" } });
    },
    answers: NO_2024,
    finding: "old_payload",
    says: "A write was accepted, and what the session held before came back. A cache answers and does not say so, or the write went elsewhere. Devices never see each other's messages.",
  },
  {
    name: "If-None-Match does not get through",
    spoil: unconditional(SESSIONS_2024),
    answers: "limited limited yes yes",
    finding: "if_none_match_ignored",
    says: "Asking with If-None-Match for what has not changed gives 200, not 304. Devices take the old payload for a new message.",
  },
  {
    name: "Expires is past",
    spoil: withHeaders(CREATE_2024, () => ({ Expires: "Thu, 01 Jan 1970 00:00:00 GMT" })),
    answers: NO_2024,
    finding: "expires_invalid",
    says: 'The Expires header of a session is "Thu, 01 Jan 1970 00:00:00 GMT". matrix-js-sdk cancels at once when it does not parse, or is past, or more than 24 days ahead.',
  },
  {
    name: "sessions of the 2024 version are not routed",
    spoil: at(SESSIONS_2024, notFound),
    answers: NO_2024,
    finding: "session_not_routed_2024",
    says: "A session was created, and its URL is 404 by a server that does not know the path: URL/_synapse/client/rendezvous/ID.",
  },
  {
    name: "two slashes in the session's URL",
    spoil: sessionUrl((url) => url.replace("/_synapse", "//_synapse")),
    answers: NO_2024,
    finding: "session_url_slashes",
    says: "The session's URL has two slashes in its path: URL//_synapse/client/rendezvous/ID. That is another path, and not found.",
  },
  {
    name: "several processes, each with its own sessions of the 2024 version",
    spoil: everyOtherProcess(SESSIONS_2024),
    answers: NO_2024,
    finding: "session_lost_2024",
    says: "A session was gone right after it had been created. Several processes answer, and each knows only its own sessions; or the limit of sessions is reached, and others throw it out.",
  },
  {
    name: "a CDN caches sessions of the 2024 version",
    spoil: caching(SESSIONS_2024),
    answers: NO_2024,
    finding: "cached_by_cdn",
    says: "reading: an old answer came back, out of a cache on the way (Age: 7, X-Cache: HIT). Devices never see each other's messages.",
  },
  {
    name: "Cache-Control is taken off",
    spoil: withHeaders(SESSIONS_2024, () => ({ "Cache-Control": "max-age=60" })),
    answers: "limited limited yes yes",
    finding: "cacheable",
    says: "reading a session: the answer does not say Cache-Control: no-store. Browsers and caches on the way may answer with what they remember.",
  },
  {
    name: "PUT is refused by the reverse proxy",
    spoil: refusing("PUT", SESSIONS_2024, 405),
    answers: NO_2024,
    finding: "method_refused",
    says: "writing: the method PUT is refused with 405.",
  },
  {
    name: "DELETE is refused by a firewall",
    spoil: refusing("DELETE", PATH_2025, 403),
    answers: YES,
    finding: "not_deleted_2025",
    says: "A deleted session is still there (200): it stays until it expires.",
  },
  {
    name: "a firewall refuses what it does not know",
    spoil: refusing("POST", CREATE_2024, 403, { "Content-Type": "text/html" }),
    answers: NO_2024,
    finding: "firewall",
    says: "creating: a web page with 403 came back. A firewall or a protection against bots refuses what clients send.",
  },
  {
    name: "the limit of bodies is too small",
    spoil: bodyLimit(8192),
    answers: NO_2025,
    finding: "body_limit",
    says: "writing: a body of 24623 bytes is refused (413). Clients send payloads of up to 4,096 bytes, which can be 24 KiB of JSON.",
  },
  {
    name: "too many requests",
    spoil: refusing("PUT", PATH_2025, 429),
    answers: "yes yes limited limited",
    finding: "rate_limited",
    says: "writing: refused with 429, too many requests, though clients send as many.",
  },
  {
    name: "discovery is not routed",
    spoil: at(PATH_2025, notFound),
    answers: NO_2025,
    finding: "not_routed_2025",
    says: `Discovery of the 2025 version is 404, and not by the homeserver: the reverse proxy does not route ${PATH_2025}.`,
  },
  {
    name: "only discovery and creation are routed",
    spoil: at(`${PATH_2025}/`, notFound),
    answers: NO_2025,
    finding: "session_not_routed_2025",
    says: "A session was created, and reading it is 404 by a server that does not know the path.",
  },
  {
    name: "several processes, each with its own sessions of the 2025 version",
    spoil: everyOtherProcess(`${PATH_2025}/`),
    answers: NO_2025,
    finding: "session_lost_2025",
    says: "A session was gone right after it had been created. Several processes answer, and each knows only its own sessions; or the limit of sessions is reached, and others throw it out.",
  },
  {
    name: "a CDN caches sessions of the 2025 version",
    spoil: caching(`${PATH_2025}/`),
    answers: NO_2025,
    finding: "cached_by_cdn",
    says: "reading: an old answer came back, out of a cache on the way (Age: 7, X-Cache: HIT). Devices never see each other's messages.",
  },
  {
    name: "the reverse proxy has error pages of its own",
    spoil: async (request, next) => {
      const answer = await next(request);
      return pathOf(request).startsWith(`${PATH_2025}/`) && answer.status === 404 ? notFound() : answer;
    },
    answers: "yes yes limited limited",
    finding: "gone_not_json",
    says: "A session that is over is answered 404 without JSON. matrix-js-sdk asks again and again without a pause.",
  },
  {
    name: "the proxy's own sign-in is in front of sessions",
    spoil: at(`${PATH_2025}/`, () => new Response("", { status: 401 })),
    answers: NO_2025,
    finding: "read_needs_token",
    says: "Reading a session takes an access token (401). The device that signs in has none.",
  },
];

for (const one of CASES) test(one.name, () => check(one));
