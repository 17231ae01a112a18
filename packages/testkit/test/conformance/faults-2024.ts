import { type Faulty, where, withHeader, without } from "./faults-2025.ts";
import { refusal } from "./stand-in.ts";

export const FAULTS_2024: Readonly<Record<string, Faulty>> = {
  "a 412 has no ETag": {
    fault: where((_, { status }) => status === 412, without("etag")),
    foundBy: ["write.etag-of-412", "headers.etag"],
  },
  "a 304 has no ETag": {
    fault: where((_, { status }) => status === 304, without("etag")),
    foundBy: ["headers.etag"],
  },
  "a payload comes with a charset": {
    fault: where(
      (_, { headers }) => headers["content-type"] === "text/plain",
      withHeader("content-type", "text/plain; charset=utf-8"),
    ),
    foundBy: ["read.exact-type"],
  },
  "a payload comes as bytes": {
    fault: where(
      (_, { headers }) => headers["content-type"] === "text/plain",
      withHeader("content-type", "application/octet-stream"),
    ),
    foundBy: ["read.payload", "read.exact-type"],
  },
  "the ETag stays where the payload does": {
    fault: { token: (sequence, session, data) => (session.data.equals(data) ? session.token : sequence) },
    foundBy: ["write.etag-changes"],
  },
  "an accepted write has no type": {
    fault: where((_, { status }) => status === 202, without("content-type")),
    foundBy: ["headers.typed-202"],
  },
  "an ETag has a space in it": {
    fault: { token: (sequence) => `${sequence} and more` },
    foundBy: ["headers.etag-quoted"],
  },
  "nothing says when the session ends": {
    fault: { reply: without("expires") },
    foundBy: ["headers.expires", "expiry.lifetime"],
  },
  "the session ends in a month": {
    fault: { livesMs: 31 * 24 * 3_600_000 },
    foundBy: ["headers.expires-ahead"],
  },
  "web pages do not see the ETag": {
    fault: { reply: without("access-control-expose-headers") },
    foundBy: [
      "cors.etag-creation",
      "cors.etag-read",
      "cors.etag-not-modified",
      "cors.etag-write",
      "cors.etag-conflict",
    ],
  },
  "web pages may not send If-Match": {
    fault: { reply: withHeader("access-control-allow-headers", "Content-Type") },
    foundBy: ["cors.preflight-session"],
  },
  "a payload is taken for text": {
    fault: where(
      ({ method }, { status }) => method === "GET" && status === 200,
      (reply) => ({ ...reply, body: reply.body.toString() }),
    ),
    foundBy: ["create.any-bytes"],
  },
  "a cancelled session is 410": {
    fault: where(
      (_, { status }) => status === 404,
      () => refusal(410, "M_NOT_FOUND"),
    ),
    foundBy: ["read.unknown-session", "write.unknown-session", "cancel.is-final", "cancel.unknown-session"],
  },
  "a concurrent write has an errcode of its own": {
    fault: where(
      (_, { status }) => status === 412,
      (reply) => ({ ...reply, body: '{"errcode":"M_UNKNOWN","error":"No"}' }),
    ),
    foundBy: ["write.stale-etag"],
  },
};
