import { isSequenceToken } from "@matrix-rendezvous/core";

/** The ETag of a sequence token. Quoted: Cloudflare drops one that is not. */
export function etagOf(sequenceToken: string): string {
  return `"${sequenceToken}"`;
}

/**
 * The sequence token that an `If-Match` names, through whatever a reverse proxy did to the ETag on the way: `W/` before
 * it (nginx with gzip), `-gzip`, `-br`, `;gzip` behind it (Apache), quotes lost.
 */
export function tokenOf(etag: string): string {
  const opaque = etag.trim().replace(/^W\//, "").replace(/^"|"$/g, "");
  // A token may by chance end like a suffix: what is one as it stands has had nothing added.
  return isSequenceToken(opaque) ? opaque : opaque.replace(/[-;](gzip|br|deflate|zstd)$/, "");
}

/**
 * The ETag that a read says it knows: clients remember that of every answer. Without one in a refusal, they ask without a
 * condition next, and take what they know already for the other device's answer.
 */
export function knownEtag({ headers }: Request): Readonly<Record<string, string>> {
  const token = tokenOf(headers.get("If-None-Match") ?? "");
  return isSequenceToken(token) ? { ETag: etagOf(token) } : {};
}

/** Whether an `If-None-Match` (a list, or `*`) names the current token; weak comparison, RFC 9110 section 13.1.2. */
export function matchesAny(ifNoneMatch: string, sequenceToken: string): boolean {
  if (ifNoneMatch.trim() === "*") return true;
  return ifNoneMatch.split(",").some((etag) => tokenOf(etag) === sequenceToken);
}
