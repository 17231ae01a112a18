import { accessTokens, answering, asking, fields, headers, instead, paths } from "./http-faults.ts";
import { error, type Mutants, SHARED } from "./http-mutant.ts";
import { ACCESS_TOKEN, FORBIDDEN_TOKEN } from "./http-server.ts";

const AUTHENTICATED = {
  options: { mode: "authenticated" },
  target: { mode: "authenticated", accessToken: ACCESS_TOKEN, forbiddenToken: FORBIDDEN_TOKEN },
} as const;

export const webMutants: Mutants = {
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
    caughtBy: ["read: needs no authorisation"],
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
