import type { Incoming } from "../incoming.ts";
import type { MatrixError, Refuse } from "../respond.ts";
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
  take(owner: string): Taken | Promise<Taken>;
}

/**
 * How fast one owner may go, by what is asked: `create` counts for the user where access tokens are checked, all else for
 * the client network. A kind with no limiter has no limit.
 *
 * - `create`: creating sessions. Too tight, and people who share an address cannot sign in at the same time.
 * - `read`: reads, and discovery where no access token is checked. A device that waits for the other one reads once a
 *   second: too tight, and clients that do not expect a 429 ask again at once.
 * - `write`: writes and cancellations; and, where access tokens are checked, every discovery and request to create before
 *   that, so that nobody can keep the homeserver busy with tokens that are none.
 */
export interface Limits {
  /** Of creating sessions. */
  readonly create?: RateLimiter | undefined;
  /** Of reads, and of discovery where no access token is checked. */
  readonly read?: RateLimiter | undefined;
  /** Of writes and cancellations, and of creating and discovery before the access token is checked. */
  readonly write?: RateLimiter | undefined;
}

/** What the owner of a request is told who was too fast; `undefined` where there is no limit or it is kept. */
export async function tooFast(limiter: RateLimiter | undefined, owner: string): Promise<MatrixError | undefined> {
  return limiter && refusal(await limiter.take(owner));
}

/** The handler, for those who are not too fast; `refuse` answers the others. */
export function limited(
  limiter: RateLimiter | undefined,
  ownerOf: (incoming: Incoming) => string,
  refuse: Refuse,
  handler: RouteHandler,
): RouteHandler {
  if (limiter === undefined) return handler;
  const go = (taken: Taken, incoming: Incoming): Response | Promise<Response> => {
    const refused = refusal(taken);
    return refused === undefined ? handler(incoming) : refuse(refused, incoming.request);
  };
  return (incoming) => {
    const taken = limiter.take(ownerOf(incoming));
    // A limiter of this process answers at once, and then nothing is waited for.
    return taken instanceof Promise ? taken.then((later) => go(later, incoming)) : go(taken, incoming);
  };
}

function refusal(taken: Taken): MatrixError | undefined {
  if (taken.ok) return undefined;
  const { retryAfterMs } = taken;
  return { status: 429, errcode: "M_LIMIT_EXCEEDED", error: "Too many requests", retryAfterMs };
}
