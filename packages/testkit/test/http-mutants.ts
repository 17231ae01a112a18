import type { HandlerOptions } from "@matrix-rendezvous/http";
import type { HttpTarget } from "@matrix-rendezvous/testkit/http";
import {
  accessTokens,
  answering,
  asking,
  bodies,
  both,
  type Fault,
  fields,
  headers,
  instead,
  parsed,
  paths,
  writing,
} from "./http-faults.ts";
import { ACCESS_TOKEN, FORBIDDEN_TOKEN } from "./http-server.ts";

/** A server with one fault, as people make it, and checks that must not let it pass. */
export interface Mutant {
  readonly fault: Fault;
  /** `group: name` of each. */
  readonly caughtBy: readonly string[];
  readonly options?: Partial<HandlerOptions>;
  readonly target?: Partial<HttpTarget>;
}

const AUTHENTICATED = {
  options: { mode: "authenticated" },
  target: { mode: "authenticated", accessToken: ACCESS_TOKEN, forbiddenToken: FORBIDDEN_TOKEN },
} as const;

const SHARED = { "access-control-allow-origin": "*", "cache-control": "no-store" };

const error = (status: number, errcode: string): Response =>
  Response.json({ errcode, error: "As it should not be" }, { status, headers: SHARED });

const conflict = (): Response => error(409, "IO_ELEMENT_MSC4388_CONCURRENT_WRITE");

/** Changes the payloads that are sent. */
const data = (change: (data: string) => string): Fault =>
  bodies((text) => {
    const body = parsed(text);
    return typeof body["data"] === "string" ? JSON.stringify({ ...body, data: change(body["data"]) }) : text;
  });

export const mutants: Readonly<Record<string, Mutant>> = {
  "stale writes win": {
    fault: writing(async (write, slot) => slot.write({ ...write, ...pick(await slot.look(), "sequence_token") })),
    caughtBy: [
      "write: with a stale token and other data is a concurrent write, and changes nothing",
      "races: of concurrent writes with one token exactly one wins",
    ],
  },
  "the token is compared some time before the write": {
    fault: writing(async (write, slot) => {
      if (write["sequence_token"] !== (await slot.look())["sequence_token"]) return slot.write(write);
      await new Promise((resolve) => setTimeout(resolve, 20));
      return slot.write({ ...write, ...pick(await slot.look(), "sequence_token") });
    }),
    caughtBy: ["races: of concurrent writes with one token exactly one wins"],
  },
  "a retry is a concurrent write": {
    fault: writing(async (write, slot) =>
      write["sequence_token"] === (await slot.look())["sequence_token"] ? slot.write(write) : conflict(),
    ),
    caughtBy: [
      "write: sent again after its answer was lost is answered the current token, and changes nothing",
      "races: one write sent many times at once is written once, and answered alike",
    ],
  },
  "a retry is written again": {
    fault: writing(async (write, slot) => {
      const held = await slot.look();
      return slot.write(write["data"] === held["data"] ? { ...write, ...pick(held, "sequence_token") } : write);
    }),
    caughtBy: ["write: sent again after its answer was lost is answered the current token, and changes nothing"],
  },
  "identical data is a retry with the current token too": {
    fault: writing(async (write, slot) => {
      const held = await slot.look();
      if (write["data"] !== held["data"]) return slot.write(write);
      return Response.json(pick(held, "sequence_token"), { headers: SHARED });
    }),
    caughtBy: [
      "write: changes the token even where the payload stays the same",
      "write: never gives a token twice, however fast the writes follow each other",
    ],
  },
  "a lost race has the stable errcode under the unstable prefix": {
    fault: fields("errcode", (before) =>
      before["errcode"] === "IO_ELEMENT_MSC4388_CONCURRENT_WRITE"
        ? { ...before, errcode: "M_CONCURRENT_WRITE" }
        : before,
    ),
    caughtBy: ["write: with a stale token and other data is a concurrent write, and changes nothing"],
  },
  "tokens are not opaque identifiers": {
    fault: fields("sequence_token", (before) => ({ ...before, sequence_token: `${before["sequence_token"]}=` })),
    caughtBy: ["create: gives a sequence token that is an opaque identifier"],
  },
  "IDs begin with the time": {
    fault: both(
      fields("id", (before) => ({ ...before, id: `${(Date.now() / 60_000).toFixed(0)}${before["id"]}` })),
      paths((path) => path.replace(/\/rendezvous\/\d{8}/, "/rendezvous/")),
    ),
    caughtBy: ["create: gives an ID that is no guess and tells nothing of when it was made"],
  },
  "payloads are normalised": {
    fault: data((text) => text.normalize("NFC")),
    caughtBy: [
      "write: tells payloads apart that only look the same",
      "payloads: whatever is written is what is read, byte for byte",
    ],
  },
  "a byte order mark is lost": {
    fault: fields("data", (before) => ({ ...before, data: String(before["data"]).replace(/^\ufeff/, "") })),
    caughtBy: ["json: a byte order mark in the string, which is legal, is read"],
  },
  "a payload ends at its first NUL": {
    fault: data((text) => text.split("\u0000")[0] ?? ""),
    caughtBy: [
      "json: an escaped NUL, which is legal, is read",
      "sizes: 4,096 NULs are created and written",
      "payloads: whatever is created is what is read, byte for byte",
    ],
  },
  "line breaks are made alike": {
    fault: data((text) => text.replaceAll("\r\n", "\n")),
    caughtBy: ["payloads: whatever is written is what is read, byte for byte"],
  },
  "invalid UTF-8 is repaired": {
    fault: bodies((text) => text),
    caughtBy: [
      "json: a byte of no encoding is answered 400 M_NOT_JSON",
      "json: Latin-1 is answered 400 M_NOT_JSON",
      "json: an encoded surrogate is answered 400 M_NOT_JSON",
    ],
  },
  "lone surrogates are repaired": {
    fault: data((text) => text.toWellFormed()),
    caughtBy: [
      'json: the lone surrogate in "\\ud800" is answered 400',
      'json: the lone surrogate in "a\\ud83d" is answered 400',
    ],
  },
  "a payload's characters are counted, not its bytes": {
    fault: data((text) => (text.length <= 4096 && new TextEncoder().encode(text).length > 4096 ? "cut" : text)),
    caughtBy: ["sizes: 2,048 characters of two bytes, and one are refused with 413 M_TOO_LARGE, and change nothing"],
  },
  "a body's bytes are counted, not its payload's": {
    fault: instead((request) =>
      Number(request.headers.get("content-length") ?? 0) > 8192 ? error(413, "M_TOO_LARGE") : undefined,
    ),
    caughtBy: ["sizes: 4,096 control characters, in a body of 24 KiB are created and written"],
  },
  "__proto__ is looked into": {
    fault: bodies((text) => {
      const body = parsed(text);
      const inherited = Object(Object.getOwnPropertyDescriptor(body, "__proto__")?.value);
      return "data" in inherited ? JSON.stringify({ ...body, data: inherited.data }) : text;
    }),
    caughtBy: ["json: data only in __proto__ is answered 400"],
  },
  "numbers are taken for strings": {
    fault: bodies((text) => text.replace(/"data":(\d+)/, '"data":"$1"')),
    caughtBy: ["json: data that is 1 is answered 400"],
  },
  "deep JSON is a breakdown": {
    fault: asking(async (request) => {
      if ((await request.clone().text()).includes("[".repeat(5000))) throw new Error("too deep");
      return request;
    }),
    caughtBy: ["json: an array 10,000 deep is answered 400", "json: data 10,000 deep is answered 400"],
  },
  "only one Content-Type is read": {
    fault: instead((request) =>
      request.method === "POST" && request.headers.get("content-type") !== "application/json"
        ? error(400, "M_NOT_JSON")
        : undefined,
    ),
    caughtBy: [
      "create: reads JSON that is sent without a Content-Type",
      "create: reads JSON that is sent as application/json; charset=utf-8",
    ],
  },
  "what is left of a session's life is a string": {
    fault: fields("expires_in_ms", (before) => ({ ...before, expires_in_ms: String(before["expires_in_ms"]) })),
    caughtBy: ["create: answers an ID, a sequence token and what is left of the session's life"],
  },
  "what is left of a session's life has a fraction": {
    fault: fields("expires_in_ms", (before) => ({ ...before, expires_in_ms: Number(before["expires_in_ms"]) - 0.5 })),
    caughtBy: ["read: answers the payload, its sequence token and what is left of the session's life"],
  },
  "a session's life is told as it was at first": {
    fault: fields("expires_in_ms", (before) => ({ ...before, expires_in_ms: 300_000 })),
    caughtBy: ["read: counts the session's life down"],
  },
  "a session lives for longer than it says": {
    fault: fields("expires_in_ms", (before) => ({
      ...before,
      expires_in_ms: Math.max(0, Number(before["expires_in_ms"]) - 1000),
    })),
    options: { ttlMs: 1500 },
    target: { sessionTtlMs: 500 },
    caughtBy: ["expiry: a session lives for as long as it says, and then is a 404 M_NOT_FOUND at once"],
  },
  "a session ends before it says": {
    fault: fields("expires_in_ms", (before) => ({ ...before, expires_in_ms: Number(before["expires_in_ms"]) + 300 })),
    options: { ttlMs: 200 },
    target: { sessionTtlMs: 500 },
    caughtBy: ["expiry: a session lives for as long as it says, and then is a 404 M_NOT_FOUND at once"],
  },
  "a session lives for an hour": {
    fault: (sound) => sound,
    options: { ttlMs: 3_600_000 },
    caughtBy: ["expiry: a session lives for 120 to 300 seconds"],
  },
  "the oldest session goes to make room": {
    fault: (sound) => sound,
    options: { maxSessionsPerOwner: 3, whenFull: "evict-oldest" },
    target: { maxSessionsPerOwner: 3 },
    caughtBy: [
      "limits: past its share a client is answered 429 M_LIMIT_EXCEEDED, and when to come back",
      "limits: no session is lost to make room for another",
    ],
  },
  "a refusal does not say when to come back": {
    fault: headers(() => ({ "retry-after": undefined })),
    options: { maxSessionsPerOwner: 3 },
    target: { maxSessionsPerOwner: 3 },
    caughtBy: ["limits: past its share a client is answered 429 M_LIMIT_EXCEEDED, and when to come back"],
  },
  "polling is limited": {
    fault: limited(500),
    caughtBy: ["limits: two devices that ask each second for ten minutes are never answered 429"],
  },
  "transaction IDs are of no interest": {
    fault: paths((path) => path.replace(/(\/rendezvous\/[^/]+)\/m1$/, "$1")),
    caughtBy: [
      "transactions: a repeated request is answered as the first time, even after the other device wrote",
      "transactions: a repeated request that was a concurrent write still is one",
      "races: one transaction sent many times at once is written once, and answered alike",
    ],
  },
  "there are no transactions": {
    fault: instead((request) =>
      /\/rendezvous\/[^/]+\/m1/.test(request.url) ? error(404, "M_UNRECOGNIZED") : undefined,
    ),
    caughtBy: ["transactions: a write with a transaction ID is a write"],
  },
  "cancelling twice is no error": {
    fault: answering((answer, request) =>
      request.method === "DELETE" ? Response.json({}, { headers: SHARED }) : answer,
    ),
    caughtBy: [
      "cancel: makes every later read, write and cancellation a 404 M_NOT_FOUND",
      "races: of concurrent cancellations exactly one finds the session",
    ],
  },
  "what is not there is a page": {
    fault: answering((answer) =>
      answer.status === 404
        ? new Response("<h1>Not found</h1>", { status: 404, headers: { ...SHARED, "content-type": "text/html" } })
        : answer,
    ),
    caughtBy: [
      "read: answers 404 M_NOT_FOUND to abcdEFG12345, which never was",
      "errors: …/rendezvousx, which is no route, is answered 404 M_UNRECOGNIZED",
    ],
  },
  "an unchanged session is a 304": {
    fault: instead((request) =>
      request.headers.has("if-none-match") ? new Response(null, { status: 304, headers: SHARED }) : undefined,
    ),
    caughtBy: ["read: never answers 304"],
  },
  "reads need an access token": {
    fault: instead((request) =>
      request.method === "GET" && !request.headers.has("authorization") ? error(401, "M_MISSING_TOKEN") : undefined,
    ),
    caughtBy: ["read: needs no authorisation, and pays no heed to a wrong one"],
  },
  "browsers may look": {
    fault: asking((request) => {
      const kept = [...request.headers].filter(([name]) => !name.startsWith("sec-fetch-"));
      return request.method === "GET" ? new Request(request.url, { headers: kept }) : request;
    }),
    caughtBy: [
      "unsafe-fetch: a read with Sec-Fetch-Dest: document is answered 403 M_FORBIDDEN, without the payload",
      "unsafe-fetch: a read with Sec-Fetch-Mode: navigate is answered 403 M_FORBIDDEN, without the payload",
      "unsafe-fetch: a read with Sec-Fetch-User: ?1 is answered 403 M_FORBIDDEN, without the payload",
      "unsafe-fetch: a read with Sec-Fetch-Site: none is answered 403 M_FORBIDDEN, without the payload",
    ],
  },
  "no browser may look": {
    fault: instead((request) => (request.headers.has("sec-fetch-site") ? error(403, "M_FORBIDDEN") : undefined)),
    caughtBy: [
      "unsafe-fetch: a read with Sec-Fetch-Dest: empty, Sec-Fetch-Mode: cors, Sec-Fetch-Site: cross-site is answered",
    ],
  },
  "errors are not for web pages": {
    fault: headers((_, { status }) => (status < 400 ? {} : { "access-control-allow-origin": undefined })),
    caughtBy: [
      "cors: the answer to a session that never was may be seen by any web page, and is the same for each",
      // Any other check notices as well.
      "write: to a session that never was is answered 404 M_NOT_FOUND",
    ],
  },
  "an origin is let in by name": {
    fault: headers((request) => ({ "access-control-allow-origin": request.headers.get("origin") ?? "*" })),
    caughtBy: ["cors: an origin is not let in by name"],
  },
  "a preflight needs an access token": {
    fault: instead((request) => (request.method === "OPTIONS" ? error(401, "M_MISSING_TOKEN") : undefined)),
    caughtBy: ["cors: the preflight of a session lets a web page ask with PUT"],
  },
  "a preflight allows no DELETE": {
    fault: headers(() => ({ "access-control-allow-methods": "GET, POST, PUT" })),
    caughtBy: ["cors: the preflight of a session lets a web page ask with DELETE"],
  },
  "reads may be cached": {
    fault: headers(() => ({ "cache-control": "max-age=1" })),
    caughtBy: [
      "cors: the answer to a read is not for any cache",
      "discovery: answers 200 and whether a session can be created",
    ],
  },
  "a wrong method is a wrong path": {
    fault: answering((answer) => (answer.status === 405 ? error(404, "M_UNRECOGNIZED") : answer)),
    caughtBy: ["errors: PATCH …/rendezvous/abcdEFG12345 is answered 405 M_UNRECOGNIZED"],
  },
  "a trailing slash is of no interest": {
    fault: paths((path) => path.replace(/\/$/, "")),
    caughtBy: ["errors: a trailing slash makes another path, which is no route"],
  },
  "doubled slashes are of no interest": {
    fault: paths((path) => path.replace(/\/+/g, "/")),
    caughtBy: [
      "targets: the target M/_matrix//client/unstable/io.element.msc4388/rendezvous is answered 404 M_UNRECOGNIZED",
    ],
  },
  "errors repeat the path": {
    fault: fields("errcode", (before, request) => ({ ...before, error: `Not this: ${new URL(request.url).pathname}` })),
    caughtBy: ["errors: no error repeats an ID, a payload, a token or a transaction ID"],
  },
  "a percent sign that encodes nothing is a breakdown": {
    fault: asking((request) => {
      decodeURIComponent(new URL(request.url).pathname);
      return request;
    }),
    caughtBy: ["targets: the ID %zz is not found", "targets: the ID %ff is not found"],
  },
  "a body is read to its end before it is found too large": {
    fault: asking(async (request) => {
      await request.clone().arrayBuffer();
      return request;
    }),
    target: { waitMs: 500 },
    caughtBy: ["uploads: a declared length of 1048576 bytes is refused before they are sent"],
  },
  "discovery speaks of availability in a string": {
    fault: fields("create_available", () => ({ create_available: "yes" })),
    caughtBy: ["discovery: answers 200 and whether a session can be created"],
  },
  "an open server minds wrong access tokens": {
    fault: instead((request) => (request.headers.has("authorization") ? error(401, "M_UNKNOWN_TOKEN") : undefined)),
    caughtBy: ["open: an access token is of no interest, whosever it is"],
  },
  "everybody is let in": {
    ...AUTHENTICATED,
    fault: accessTokens(() => ACCESS_TOKEN),
    caughtBy: [
      "authenticated: nobody without an access token creates a session",
      "authenticated: nobody with a wrong access token creates a session",
      "authenticated: an access token that policy refuses is answered 403 M_FORBIDDEN",
    ],
  },
  "an access token in the query is taken": {
    ...AUTHENTICATED,
    fault: accessTokens((request) => new URL(request.url).searchParams.get("access_token")),
    caughtBy: ["authenticated: an access token comes in a header, not in a query"],
  },
  "no access token is the same as a wrong one": {
    ...AUTHENTICATED,
    fault: answering((answer) => (answer.status === 401 ? error(401, "M_UNKNOWN_TOKEN") : answer)),
    caughtBy: ["authenticated: no access token is answered 401 M_MISSING_TOKEN"],
  },
  "access tokens are repeated in errors": {
    ...AUTHENTICATED,
    fault: fields("errcode", (before, request) => ({
      ...before,
      error: `Not ${request.headers.get("authorization")}`,
    })),
    caughtBy: ["authenticated: no refusal repeats an access token"],
  },
  "switched off, sessions are only not found": {
    options: { mode: "off" },
    target: { mode: "off" },
    fault: answering((answer) => (answer.status === 404 ? error(404, "M_NOT_FOUND") : answer)),
    caughtBy: [
      "off: GET …/rendezvous is answered 404 M_UNRECOGNIZED",
      "off: POST …/rendezvous is answered 404 M_UNRECOGNIZED",
    ],
  },
  "switched off, it still answers": {
    target: { mode: "off" },
    fault: (sound) => sound,
    caughtBy: [
      "off: GET …/rendezvous is answered 404 M_UNRECOGNIZED",
      "off: PUT …/rendezvous/abcdEFG12345 is answered 404 M_UNRECOGNIZED",
    ],
  },
};

/** Refuses every request after that many. */
function limited(requests: number): Fault {
  let left = requests;
  return instead(() => (left-- > 0 ? undefined : error(429, "M_LIMIT_EXCEEDED")));
}

function pick(fields: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> {
  return { [name]: fields[name] };
}
