import type { Handler } from "./app.ts";
import { ANSWERS } from "./respond.ts";

const BUSY = ANSWERS.error.bind(ANSWERS, {
  status: 503,
  errcode: "M_UNKNOWN",
  error: "This server has too many requests in hand",
  retryAfterMs: 1_000,
});

/**
 * Hands at most `most` requests at a time to `handler`; what comes beyond them is answered 503 at once.
 *
 * @param most 1 or more; `undefined` for no bound
 * @throws RangeError where it is something else
 */
export function limitInFlight(handler: Handler, most: number | undefined): Handler {
  if (most === undefined) return handler;
  if (!Number.isSafeInteger(most) || most < 1) throw new RangeError(`maxInFlight must be 1 or more, not ${most}`);
  let inFlight = 0;
  return async (request, context) => {
    // Without an answer to its preflight, a page could not read the refusal.
    if (inFlight >= most && request.method !== "OPTIONS") return BUSY();
    inFlight += 1;
    try {
      return await handler(request, context);
    } finally {
      inFlight -= 1;
    }
  };
}
