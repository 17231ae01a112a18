/** Rendezvous servers with faults of their own. */
import { test } from "@matrix-rendezvous/testkit/runner";
import { type Case, check } from "./examination.ts";
import {
  anyEtag,
  anyToken,
  CREATE_2024,
  changedJson,
  PATH_2025,
  refusing,
  SESSIONS_2024,
  sessionUrl,
} from "./spoils.ts";
import { at, pathOf, type Spoil } from "./stand-in.ts";

const NO_2024 = "no no yes yes";
const NO_2025 = "yes yes no no";
const LIMITED_2024 = "limited limited yes yes";
const LIMITED_2025 = "yes yes limited limited";
const YES = "yes yes yes yes";
const REFUSED = { "Content-Type": "application/json" };

/** 127.0.0.1 by a name under which it could be any machine. */
const elsewhere = (url: string): string => url.replace(/127\.0\.0\.1|localhost/, "[::ffff:7f00:1]");

const movedTo =
  (place: (origin: string) => string): Spoil =>
  (request, next) =>
    pathOf(request) === "/.well-known/matrix/client"
      ? Response.json(
          { "m.homeserver": { base_url: place(new URL(request.url).origin) } },
          { headers: { "Access-Control-Allow-Origin": "*" } },
        )
      : next(request);

/** The same write a second time. */
function refusingRepeats(): Spoil {
  const written = new Set<string>();
  return async (request, next) => {
    if (request.method !== "PUT") return await next(request);
    const [body, { url, headers }] = [await request.text(), request];
    if (written.has(body)) return Response.json({ errcode: "M_UNKNOWN" }, { status: 409 });
    written.add(body);
    return await next(new Request(url, { method: "PUT", headers, body }));
  };
}

const CASES: readonly Case[] = [
  {
    name: "ETags are without quotes",
    spoil: anyEtag((etag) => etag.replaceAll('"', "")),
    answers: LIMITED_2024,
    finding: "etag_unquoted",
    says: "The ETag is without quotes: ETAG. Cloudflare and others drop such ETags.",
  },
  {
    name: "ETags never change",
    spoil: anyEtag(() => '"always"'),
    answers: NO_2024,
    finding: "etag_same",
    says: "A write did not change the ETag: the other device does not notice the message.",
  },
  {
    name: "If-Match is not looked at",
    spoil: anyEtag((etag) => etag),
    answers: LIMITED_2024,
    finding: "if_match_ignored",
    says: "A write with an old ETag was accepted (202): If-Match does not get through. Two devices that write at the same time lose a message.",
  },
  {
    name: "writes of the 2024 version are refused",
    spoil: refusing("PUT", SESSIONS_2024, 400, REFUSED),
    answers: NO_2024,
    finding: "write_refused_2024",
    says: 'writing is refused (400 ) with the ETag "ETAG", which is the current one.',
  },
  {
    name: "DELETE is answered and does nothing",
    spoil: (request, next) =>
      request.method === "DELETE" && pathOf(request).startsWith(SESSIONS_2024)
        ? new Response(null, { status: 204 })
        : next(request),
    answers: YES,
    finding: "not_deleted_2024",
    says: "A deleted session is still there (200): it stays until it expires.",
  },
  {
    name: "a session of the 2024 version without a URL",
    spoil: at(CREATE_2024, () => Response.json({}, { status: 201 })),
    answers: NO_2024,
    finding: "create_invalid_2024",
    says: "The answer to a creation has no url in it that clients can use (201).",
  },
  {
    name: "the session's URL is of the machine itself",
    spoil: movedTo(elsewhere),
    answers: "no no limited limited",
    finding: "session_url_local",
    says: "The session's URL is URL/_synapse/client/rendezvous/ID, which other machines cannot reach. It goes into the QR code as it is.",
  },
  {
    name: "no TLS",
    spoil: (request, next) => movedTo(elsewhere)(request, async (passed) => await sessionUrl(elsewhere)(passed, next)),
    answers: "limited limited limited limited",
    finding: "no_tls",
    says: "ELSEWHERE is not encrypted. Web clients and most others talk to no homeserver without TLS.",
  },
  {
    name: "hangs up",
    spoil: at("/_matrix/client/versions", () => {
      throw new Error("the test hangs up");
    }),
    answers: "no no no no",
    finding: "connection_lost",
    says: "/versions: URL hung up before it had answered (DETAIL).",
  },
  {
    name: "the OAuth metadata is no JSON",
    spoil: at("/_matrix/client/v1/auth_metadata", () => new Response("metadata")),
    answers: "no no no no",
    finding: "auth_metadata_invalid",
    says: "auth_metadata is no JSON object (200).",
  },
  {
    name: "no more sessions of the 2025 version can be created",
    spoil: changedJson("GET", PATH_2025, (body) => ("data" in body ? body : { create_available: false })),
    answers: "yes yes off off",
    finding: "create_unavailable",
    says: "The homeserver says that sessions of the 2025 version cannot be created (create_available: false).",
  },
  {
    name: "creating a session of the 2025 version is refused",
    spoil: refusing("POST", PATH_2025, 400, REFUSED),
    answers: NO_2025,
    finding: "create_failed_2025",
    says: "Discovery says that sessions can be created, and creating one is refused (400 ).",
  },
  {
    name: "payloads are rewritten",
    spoil: changedJson("GET", PATH_2025, (body) => ("data" in body ? { ...body, data: `${body["data"]}!` } : body)),
    answers: NO_2025,
    finding: "payload_changed_2025",
    says: "reading: the payload came back changed.",
  },
  {
    name: "payloads of the 2024 version are rewritten",
    spoil: async (request, next) => {
      const answer = await next(request);
      if (request.method !== "GET" || !pathOf(request).startsWith(SESSIONS_2024)) return answer;
      const text = await answer.text();
      const headers = new Headers(answer.headers);
      headers.delete("Content-Length");
      return new Response(answer.status === 304 ? null : `${text}!`, { status: answer.status, headers });
    },
    answers: NO_2024,
    finding: "payload_changed_2024",
    says: "reading: the payload came back changed.",
  },
  {
    name: "sequence tokens never change",
    spoil: anyToken(() => "always"),
    answers: NO_2025,
    finding: "sequence_token_same",
    says: "A write did not change the sequence token: the other device does not notice the message.",
  },
  {
    name: "writes of the 2025 version are refused",
    spoil: refusing("PUT", PATH_2025, 400, REFUSED),
    answers: NO_2025,
    finding: "write_refused_2025",
    says: "writing is refused (400 ) though the sequence token is the current one.",
  },
  {
    name: "the same write once more is refused",
    spoil: refusingRepeats(),
    answers: LIMITED_2025,
    finding: "retry_refused",
    says: "The same write, sent once more as clients do where an answer got lost, is refused (409 M_UNKNOWN), and the sign-in ends.",
  },
  {
    name: "sequence tokens are not looked at",
    spoil: anyToken((token) => token),
    answers: LIMITED_2025,
    finding: "stale_write_accepted",
    says: "A write with an old sequence token was answered 200, not 409: two devices that write at the same time lose a message.",
  },
  {
    name: "sessions live for a minute",
    spoil: changedJson("POST", PATH_2025, (body) => ({ ...body, expires_in_ms: 60_000 })),
    answers: LIMITED_2025,
    finding: "short_lived",
    says: "A session lives for 60 s. MSC4388 wants 120 to 300: people look for their other device, and type.",
  },
];

for (const one of CASES) test(one.name, () => check(one));
