import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";
import { applyEdits, modify } from "jsonc-parser";
import { type Exchange, relay } from "./exchange.ts";
import { answerFields, endToEnd, pairs } from "./fields.ts";

export const VERSIONS_PATH = "/_matrix/client/versions";

/** What clients look for before they offer to sign in by QR code: the 2024 version's, and the 2025 version's. */
const FLAGS: readonly string[] = ["org.matrix.msc4108", "io.element.msc4388"];

/** About the upstream's body, and so not about ours. Ranges and dates would need that body, too. */
const ABOUT_THE_BODY: ReadonlySet<string> = new Set([
  "accept-ranges",
  "content-digest",
  "content-length",
  "content-md5",
  "digest",
  "etag",
  "last-modified",
  "repr-digest",
]);

/** What would have the upstream answer with something else than the whole body, as it is. */
const CONDITIONS: ReadonlySet<string> = new Set([
  "accept-encoding",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "range",
]);

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The fields with which to ask for a body that can be changed. */
export function unconditional(fields: readonly string[]): string[] {
  const kept = [...pairs(fields)].filter(([name]) => !CONDITIONS.has(name.toLowerCase()));
  return [...kept.flat(), "Accept-Encoding", "identity"];
}

/**
 * Sends the upstream's answer to `GET versions` on, with the flags in it. An answer that is something else goes on as it is.
 *
 * @returns rejects where the answer breaks off
 */
export async function relayVersions(answer: IncomingMessage, exchange: Exchange): Promise<void> {
  const { request, response } = exchange;
  if (answer.statusCode !== 200 || (answer.headers["content-encoding"] ?? "identity") !== "identity") {
    return relay(answer, exchange, answerFields(answer, request));
  }
  const given = await buffer(answer);
  const body = withFlags(given);
  if (body === undefined) return void response.writeHead(200, endToEnd(answer)).end(given);
  const fields = endToEnd(answer, ABOUT_THE_BODY);
  const etag = answer.headers.etag === undefined ? undefined : etagOf(body);
  if (etag !== undefined) fields.push("ETag", etag);
  if (etag !== undefined && matches(request.headers["if-none-match"], etag)) {
    return void response.writeHead(304, fields).end();
  }
  response.writeHead(200, [...fields, "Content-Length", String(body.length)]).end(body);
}

/** The body with the flags, and not a byte of the rest changed; `undefined` where it is not what clients could read. */
export function withFlags(body: Uint8Array): Uint8Array | undefined {
  try {
    let text = utf8.decode(body);
    // The editor takes comments and trailing commas, clients do not.
    JSON.parse(text);
    for (const flag of FLAGS) text = applyEdits(text, modify(text, ["unstable_features", flag], true, {}));
    return Buffer.from(text);
  } catch {
    return undefined;
  }
}

function etagOf(body: Uint8Array): string {
  return `"${createHash("sha256").update(body).digest("base64url")}"`;
}

/** Weak comparison, RFC 9110 section 13.1.2. */
function matches(ifNoneMatch: string | undefined, etag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  return ifNoneMatch.split(",").some((listed) => ["*", etag].includes(listed.trim().replace(/^W\//, "")));
}
