import { createHash } from "node:crypto";
import { type Ask, type Fault, LIVES_MS, type Reply, refusal } from "./stand-in.ts";

/** A fault of a server, and the checks that find it: these, and no others. */
export interface Faulty {
  readonly fault: Fault;
  readonly foundBy: readonly string[];
}

const isRead = ({ method, id }: Ask): boolean => method === "GET" && id !== "";

/** Changes the answers to some of what is asked. */
export function where(isMeant: (ask: Ask, reply: Reply) => boolean, change: (reply: Reply, ask: Ask) => Reply): Fault {
  return { reply: (reply, ask) => (isMeant(ask, reply) ? change(reply, ask) : reply) };
}

export function without(name: string): (reply: Reply) => Reply {
  return ({ headers: { [name]: _, ...headers }, ...reply }) => ({ ...reply, headers });
}

export function withHeader(name: string, value: string): (reply: Reply) => Reply {
  return ({ headers, ...reply }) => ({ ...reply, headers: { ...headers, [name]: value } });
}

const hashOf = (data: Buffer): string => createHash("sha256").update(data).digest("base64url");

export const FAULTS_2025: Readonly<Record<string, Faulty>> = {
  "the sequence token is a hash of the payload": {
    fault: { token: (_, __, data) => hashOf(data) },
    foundBy: ["write.token-never-repeats"],
  },
  "the sequence token stays where the payload does": {
    fault: { token: (sequence, session, data) => (session.data.equals(data) ? session.token : sequence) },
    foundBy: ["write.token-changes", "write.token-never-repeats"],
  },
  "the sequence token has padding": {
    fault: { token: (sequence) => `${sequence}==` },
    foundBy: ["create.token-grammar"],
  },
  "the ID is no opaque identifier": {
    fault: { id: () => `${Math.random().toString(36).slice(2)}:example.org` },
    foundBy: ["create.id-grammar"],
  },
  "stale writes win": {
    fault: { isCurrent: () => true },
    foundBy: [
      "write.stale-token",
      "write.stale-state",
      "write.after-conflict",
      "write.foreign-token",
      "write.token-never-given",
      "write.token-longest",
      "write.retry",
      "write.retry-any-token",
      "write.byte-for-byte",
      "races.one-writer-wins",
      "races.one-writer-wins-each-round",
      "races.same-write",
      "payloads.retried",
      "sizes.largest-retried",
    ],
  },
  "a retry is a concurrent write": {
    fault: { isRetry: () => false },
    foundBy: ["write.retry", "write.retry-any-token", "races.same-write", "payloads.retried", "sizes.largest-retried"],
  },
  "whatever looks the same is a retry": {
    fault: { isRetry: (session, data) => session.data.toString().normalize() === data.toString().normalize() },
    foundBy: ["write.byte-for-byte"],
  },
  "a concurrent write is called M_UNKNOWN": {
    fault: where(
      (_, { status }) => status === 409,
      () => refusal(409, "M_UNKNOWN"),
    ),
    foundBy: [
      "write.stale-token",
      "write.stale-state",
      "write.after-conflict",
      "write.foreign-token",
      "write.token-never-given",
      "write.token-longest",
      "write.byte-for-byte",
      "races.one-writer-wins",
    ],
  },
  "what is not found is a page": {
    fault: where(
      (ask, { status }) => isRead(ask) && status === 404,
      (reply) => ({ ...withHeader("content-type", "text/html")(reply), body: "<h1>Not Found</h1>" }),
    ),
    foundBy: [
      "read.unknown-session",
      "read.unknown-uuid",
      "read.unknown-ulid",
      "read.unknown-base64",
      "read.unknown-letter",
      "read.unknown-tilde",
      "read.unknown-dots",
      "read.unknown-punctuation",
      "read.unknown-longest",
      "read.unknown-proto",
      "read.unknown-constructor",
      "read.unknown-to-string",
      "cancel.is-final",
      "cancel.needs-no-token",
      "errors.path-below",
      "errors.path-beside",
      "errors.path-far-below",
    ],
  },
  "errors are not for web pages": {
    fault: where((_, { status }) => status >= 400, without("access-control-allow-origin")),
    foundBy: [
      "cors.visible-not-json",
      "cors.visible-missing-member",
      "cors.visible-unknown-session",
      "cors.visible-conflict",
      "cors.visible-too-large",
      "cors.visible-wrong-method",
      "cors.visible-unknown-path",
      "cors.visible-unsafe-read",
    ],
  },
  "web pages are not answered before they ask": {
    fault: where(
      ({ method }) => method === "OPTIONS",
      () => refusal(405, "M_UNRECOGNIZED"),
    ),
    foundBy: [
      "cors.options-root",
      "cors.options-session",
      "cors.preflight-root-get",
      "cors.preflight-root-post",
      "cors.preflight-session-get",
      "cors.preflight-session-put",
      "cors.preflight-session-delete",
    ],
  },
  "a write prolongs the session": {
    fault: {
      onWrite: (session) => {
        session.expiresAt = Date.now() + LIVES_MS + 1000;
      },
    },
    foundBy: ["write.not-prolonging"],
  },
  "a session lives for ten minutes": {
    fault: { livesMs: 600_000 },
    foundBy: ["expiry.lifetime"],
  },
  "expires_in_ms stands still": {
    fault: where(
      ({ version }) => version === "2025",
      (reply) => ({ ...reply, body: String(reply.body).replace(/"expires_in_ms":\d+/, '"expires_in_ms":180000') }),
    ),
    foundBy: ["read.counts-down"],
  },
  "a cancellation is answered 204": {
    fault: where(
      ({ method }, { status }) => method === "DELETE" && status === 200,
      ({ headers: { "content-type": _, ...headers } }) => ({ status: 204, headers, body: "" }),
    ),
    foundBy: ["cancel.answers-200", "cancel.answers-object", "races.one-cancellation"],
  },
  "characters are counted, not bytes": {
    fault: { sizeOf: (data) => data.toString().length },
    foundBy: ["sizes.too-large-two-bytes", "sizes.too-large-three-bytes", "sizes.too-large-four-bytes"],
  },
  "too large a payload is a bad request": {
    fault: where(
      (_, { status }) => status === 413,
      () => refusal(400, "M_TOO_LARGE"),
    ),
    foundBy: ["one-byte", "two-bytes", "three-bytes", "four-bytes", "control", "escaped", "hundred-thousand"].map(
      (name) => `sizes.too-large-${name}`,
    ),
  },
  "browsers may look": {
    fault: where(
      (_, { status }) => status === 403,
      () => ({ status: 200, headers: { "access-control-allow-origin": "*", "cache-control": "no-store" }, body: "{}" }),
    ),
    foundBy: ["unsafe-fetch.navigation", "unsafe-fetch.followed-link"],
  },
  "what is the same as before is not sent again": {
    fault: where(
      (ask) => isRead(ask) && ask.headers["if-none-match"] !== undefined,
      ({ headers }) => ({ status: 304, headers, body: "" }),
    ),
    foundBy: ["read.never-304"],
  },
  "reads may be cached": {
    fault: where(isRead, withHeader("cache-control", "max-age=60")),
    foundBy: [
      "cors.not-cached-read",
      "cors.not-cached-unknown-session",
      "cors.not-cached-unknown-path",
      "cors.not-cached-unsafe-read",
    ],
  },
  "JSON is sent as text": {
    fault: where(
      ({ version }, { headers }) => version === "2025" && headers["content-type"] !== undefined,
      withHeader("content-type", "text/plain; charset=utf-8"),
    ),
    foundBy: ["served"],
  },
};
