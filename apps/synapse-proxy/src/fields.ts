/** Header fields on their way through: lists of names and values in turn, as `rawHeaders` has them. */
import type { IncomingMessage } from "node:http";
import type { Client } from "./client.ts";

/** What speaks of one connection and not of the message, RFC 9110 section 7.6.1 and RFC 2616 section 13.5.1. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** Said anew on the way to the homeserver. */
const RESTATED: ReadonlySet<string> = new Set([
  "content-length",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
]);

const NONE: ReadonlySet<string> = new Set();

/** The fields that go on, without those in `dropped` (in lower case). */
export function endToEnd(message: IncomingMessage, dropped: ReadonlySet<string> = NONE): string[] {
  const { connection } = message.headers;
  const named = connection === undefined ? NONE : new Set(connection.toLowerCase().split(/[\s,]+/));
  const fields: string[] = [];
  for (const [name, value] of pairs(message.rawHeaders)) {
    const key = name.toLowerCase();
    if (!HOP_BY_HOP.has(key) && !named.has(key) && !dropped.has(key)) fields.push(name, value);
  }
  return fields;
}

/**
 * What the homeserver is sent for a client's request. Synapse takes the first address of the first `X-Forwarded-For`
 * for the client's, whoever wrote it, so there is one field with one address.
 *
 * @param host the homeserver's, for a client that named none
 */
export function requestFields(
  request: IncomingMessage,
  { address, proto, host }: Client,
  upstreamHost: string,
): string[] {
  const fields = endToEnd(request, RESTATED);
  if (request.headers.host === undefined) fields.push("Host", upstreamHost);
  fields.push(...framing(request));
  if (/\btrailers\b/i.test(String(request.headers["te"] ?? ""))) fields.push("TE", "trailers", "Connection", "TE");
  if (address !== undefined) fields.push("X-Forwarded-For", address);
  fields.push("X-Forwarded-Proto", proto);
  if (host !== undefined) fields.push("X-Forwarded-Host", host);
  return fields;
}

/**
 * How long the body is, said as the client said it, and never left out: behind a request whose length is not known,
 * the body would pass for the next request on that connection.
 */
function framing({ method = "", headers }: IncomingMessage): string[] {
  const { "transfer-encoding": coding, "content-length": length, trailer } = headers;
  if (coding !== undefined) {
    return ["Transfer-Encoding", coding, ...(trailer === undefined ? [] : ["Trailer", trailer])];
  }
  if (length !== undefined) return ["Content-Length", length];
  return ["POST", "PUT", "PATCH"].includes(method) ? ["Content-Length", "0"] : [];
}

/** Whether the message has a body, be it an empty one. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}

/** What the client is sent with the homeserver's answer as it is. */
export function answerFields(answer: IncomingMessage, request: IncomingMessage): string[] {
  const { trailer, "transfer-encoding": coding } = answer.headers;
  // Only a body in chunks has a place for trailers, and HTTP/1.0 has no chunks.
  const hasNoBody = request.method === "HEAD" || answer.statusCode === 204 || answer.statusCode === 304;
  const isChunked = coding !== undefined && !hasNoBody && request.httpVersion !== "1.0";
  return trailer !== undefined && isChunked ? [...endToEnd(answer), "Trailer", trailer] : endToEnd(answer);
}

/** Names and values, two by two. */
export function* pairs(raw: readonly string[]): Generator<[name: string, value: string]> {
  for (let at = 0; at < raw.length; at += 2) yield [raw[at] ?? "", raw[at + 1] ?? ""];
}
