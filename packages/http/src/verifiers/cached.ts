import { LRUCache } from "lru-cache";
import type { AccessTokenVerifier, Verdict } from "../auth.ts";

/** How long, and how many, answers are remembered. */
export interface CacheOptions {
  /**
   * How long a valid token is taken for valid, in milliseconds: as long as one that was logged out goes on working.
   * @default 30000
   */
  readonly validMs?: number | undefined;
  /** How long an invalid token is taken for invalid, in milliseconds. @default 1000 */
  readonly invalidMs?: number | undefined;
  /** How many tokens are remembered; the least recently used is forgotten first. @default 10000 */
  readonly maxTokens?: number | undefined;
  /** The time in milliseconds, from any origin, for tests. @default performance.now */
  readonly now?: (() => number) | undefined;
}

/**
 * Remembers what `verifier` said, under a hash of the token, and asks it once where the same token comes several times
 * at once. A question that it could not answer is not remembered.
 */
export function cachedVerifier(verifier: AccessTokenVerifier, options: CacheOptions = {}): AccessTokenVerifier {
  const { validMs = 30_000, invalidMs = 1_000, maxTokens = 10_000, now = () => performance.now() } = options;
  const verdicts = new LRUCache<string, Verdict, string>({
    max: maxTokens,
    ttl: validMs,
    ttlResolution: 0,
    perf: { now },
    // Who waits for an answer gets it, even where other tokens have meanwhile pushed this one out.
    ignoreFetchAbort: true,
    fetchMethod: async (_hash, _stale, { context: accessToken, options: entry }) => {
      const verdict = await verifier.verify(accessToken);
      if (verdict.type !== "user") entry.ttl = invalidMs;
      return verdict;
    },
  });
  return {
    async verify(accessToken) {
      return await verdicts.forceFetch(await hash(accessToken), { context: accessToken });
    },
  };
}

async function hash(accessToken: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(accessToken));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
