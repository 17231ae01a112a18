import type { Client } from "./client.ts";

/**
 * How binding a check is.
 * - `must`: MSC4388 or the Matrix specification requires it.
 * - `should`: they recommend it.
 * - `clients`: released clients, or browsers, fail without it.
 * - `own`: beyond what is specified; this project's own server promises it.
 */
export type Level = "must" | "should" | "clients" | "own";

/** Where the routes are mounted: under MSC4388's unstable prefix, or where the accepted proposal will have them. */
export type Prefix = "unstable" | "stable";

/** Who may create a session; `open` is also called `public`. */
export type Mode = "off" | "authenticated" | "open";

/** What a rule can't be checked without. */
export interface Condition {
  /** In words, to follow "needs": `an access token that policy refuses`. */
  readonly needs: string;
  readonly isMet: (target: HttpTarget) => boolean;
}

/** One rule of the protocol. `run` rejects where the server breaks it. */
export interface Check<Speaker = Client> {
  /** Stays the same for ever, whatever the name becomes; unique in its group. */
  readonly id: string;
  /** Says what must hold; unique in its group as well. */
  readonly name: string;
  /** The section that the rule is from, one of `sections.ts`; or the fact in plain words. */
  readonly section: string;
  readonly level: Level;
  /** Left out where the rule can be checked on every server. */
  readonly when?: Condition | undefined;
  readonly run: (client: Speaker) => Promise<void>;
}

/** How a server is treated that is somebody else's. */
export interface Courtesy {
  /** Told of each request before it is sent. */
  onRequest(): void;
  /** Whether the wait that a 429 asks for may be waited, in milliseconds; without it, the 429 is the answer. */
  mayWait(milliseconds: number): boolean;
}

/** A server to be checked, and what its operator knows about it. */
export interface HttpTarget {
  /** `http` or `https`, with the path that the Matrix routes are under, if any: `http://127.0.0.1:8080`. */
  readonly baseUrl: string;
  /** What the server says of who may create sessions. */
  readonly mode: Mode;
  /** Which of the two mounts are served. @default ["unstable"] */
  readonly prefixes?: readonly Prefix[] | undefined;
  /** Of a user who may create sessions. Required in `authenticated` mode, not sent otherwise. */
  readonly accessToken?: string | undefined;
  /** Of a user whom the server's policy refuses; without it nothing can be said about that refusal. */
  readonly forbiddenToken?: string | undefined;
  /**
   * How long a session lives here, in milliseconds. Given, it must be short (10,000 at most): sessions are then watched
   * until they expire, and nothing else is checked.
   */
  readonly sessionTtlMs?: number | undefined;
  /** How many live sessions one client may have; given, that many and one more are created. */
  readonly maxSessionsPerOwner?: number | undefined;
  /** How long the server may wait for the rest of a request that stops coming, in milliseconds; given, that is waited for. */
  readonly stalledRequestMs?: number | undefined;
  /** Wait until a session has expired: as long as the server says that it lives, which must be 310 seconds at most. */
  readonly waitForExpiry?: boolean | undefined;
  /** How long any one answer may take, in milliseconds. Less than a loaded server needs makes it fail. @default 5000 */
  readonly waitMs?: number | undefined;
  /** Given, what is done many times is done a few times, and a 429 is waited out once. */
  readonly courtesy?: Courtesy | undefined;
}
