import type { Context } from "hono";
import type { MatrixError } from "../respond.ts";
import type { RouteHandler } from "../routing.ts";

/** Whether a request may go on. */
export type Taken =
  | { readonly ok: true }
  /** The same request is let through in `retryAfterMs` milliseconds, 1 or more, if its owner sends no other until then. */
  | { readonly ok: false; readonly retryAfterMs: number };

/** A budget of requests for each owner. */
export interface RateLimiter {
  /**
   * Takes one request from the owner's budget, and from nobody else's.
   *
   * @param owner a user or a client network, 1 to 512 characters
   */
  take(owner: string): Promise<Taken>;
}

/**
 * How fast one owner may go, by what is asked: `create` counts for the user where access tokens are checked, all else for
 * the client network. A kind with no limiter has no limit.
 *
 * - `create`: creating sessions. Too tight, and people who share an address cannot sign in at the same time.
 * - `read`: discovery and reads. A device that waits for the other one reads once a second: too tight, and clients that
 *   do not expect a 429 ask again at once.
 * - `write`: writes and cancellations; and, where access tokens are checked, every request to create before that, so that
 *   nobody can keep the homeserver busy with tokens that are none.
 */
export interface Limits {
  /** Of creating sessions. */
  readonly create?: RateLimiter | undefined;
  /** Of discovery and reads. */
  readonly read?: RateLimiter | undefined;
  /** Of writes and cancellations, and of creating before the access token is checked. */
  readonly write?: RateLimiter | undefined;
}

/** What the owner of a request is told who was too fast; `undefined` where there is no limit or it is kept. */
export async function tooFast(limiter: RateLimiter | undefined, owner: string): Promise<MatrixError | undefined> {
  if (limiter === undefined) return undefined;
  const taken = await limiter.take(owner);
  if (taken.ok) return undefined;
  const { retryAfterMs } = taken;
  return { status: 429, errcode: "M_LIMIT_EXCEEDED", error: "Too many requests", retryAfterMs };
}

/** The handler, for those who are not too fast; `refuse` answers the others. */
export function limited(
  limiter: RateLimiter | undefined,
  ownerOf: (c: Context) => string,
  refuse: (error: MatrixError, c: Context) => Response,
  handler: RouteHandler,
): RouteHandler {
  if (limiter === undefined) return handler;
  return async (c) => {
    const refusal = await tooFast(limiter, ownerOf(c));
    return refusal === undefined ? await handler(c) : refuse(refusal, c);
  };
}
