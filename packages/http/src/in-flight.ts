import type { Handler } from "./app.ts";
import type { ListenOptions } from "./listen.ts";
import { refuse } from "./msc4108/routes.ts";
import type { MatrixError } from "./respond.ts";

const BUSY: MatrixError = {
  status: 503,
  errcode: "M_UNKNOWN",
  error: "This server has too many requests in hand",
  retryAfterMs: 1_000,
};

/**
 * Hands at most `most` requests at a time to `handler`; what comes beyond them is answered 503 at once.
 *
 * @throws RangeError where it is something else
 */
export function limitInFlight(handler: Handler, options: Pick<ListenOptions, "maxInFlight" | "onBusy">): Handler {
  const { maxInFlight: most, onBusy } = options;
  if (most === undefined) return handler;
  if (!Number.isSafeInteger(most) || most < 1) throw new RangeError(`maxInFlight must be 1 or more, not ${most}`);
  let inFlight = 0;
  const leave = (): void => {
    inFlight -= 1;
  };
  return (request, context) => {
    // Without an answer to its preflight, a page could not read the refusal.
    if (inFlight >= most && request.method !== "OPTIONS") {
      onBusy?.();
      // Of either version: which it is has not been looked at, and the more cautious headers fit both.
      return Promise.resolve(refuse(BUSY, request));
    }
    inFlight += 1;
    const answer = handler(request, context);
    answer.then(leave, leave);
    return answer;
  };
}
