import { baseUrlProblem } from "../lib/base-url.ts";
import { type Clock, systemClock } from "./clock.ts";

/** The part of `fetch` that is needed. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How to reach a homeserver. */
export interface ConnectionOptions {
  /** The homeserver's base URL, http or https, with or without a path and a trailing slash. */
  readonly baseUrl: string;
  /**
   * Sent when creating a session and when asking whether that is possible, never else. Most servers let nobody create a
   * session without one.
   */
  readonly accessToken?: string | undefined;
  /** `stable` once the server's `/versions` has the Matrix version that MSC4388 is part of. @default "unstable" */
  readonly endpoint?: "unstable" | "stable" | undefined;
  /**
   * How long to wait for an answer before trying again, in milliseconds, 1 or more; a long-poll has its own time on
   * top. Too little makes slow networks unusable.
   * @default 15000
   */
  readonly requestTimeoutMs?: number | undefined;
  /** What sends the requests. @default globalThis.fetch */
  readonly fetch?: Fetch | undefined;
  /** The time, and pauses. @default the system's */
  readonly clock?: Clock | undefined;
}

/** A homeserver, once the options are known to be right. */
export interface Connection {
  readonly baseUrl: string;
  /** Where the rendezvous API is, without a trailing slash. */
  readonly endpoint: string;
  readonly authorization: Readonly<Record<string, string>>;
  readonly requestTimeoutMs: number;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

const PATHS = {
  unstable: "/_matrix/client/unstable/io.element.msc4388/rendezvous",
  stable: "/_matrix/client/v1/rendezvous",
} as const;

/** @throws TypeError or RangeError where an option is wrong */
export function connect(options: ConnectionOptions): Connection {
  const { baseUrl, accessToken, endpoint = "unstable", clock = systemClock } = options;
  const problem = baseUrlProblem(baseUrl);
  if (problem !== undefined) throw new TypeError(`baseUrl ${problem}`);
  // Checked here because a runtime's own error about a header can have its value in it.
  if (accessToken !== undefined && !/^[\x21-\x7e]+$/.test(accessToken)) {
    throw new TypeError("accessToken is empty or has characters that no header can carry");
  }
  return {
    baseUrl,
    endpoint: baseUrl.replace(/\/$/, "") + PATHS[endpoint],
    authorization: accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` },
    requestTimeoutMs: positive("requestTimeoutMs", options.requestTimeoutMs ?? 15_000),
    // Browsers insist that fetch is called on the global object.
    fetch: options.fetch ?? ((url, init) => globalThis.fetch(url, init)),
    clock,
  };
}

/** @throws RangeError where `value` is not a positive integer */
export function positive(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be an integer of 1 or more, not ${value}`);
}
