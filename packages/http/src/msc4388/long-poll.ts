import type { Rendezvous, Session } from "@matrix-rendezvous/core";
import type { MatrixError } from "../respond.ts";

/** The longest that a read is held, in milliseconds: less than what reverse proxies wait for by default. */
const MAX_TIMEOUT_MS = 30_000;

/**
 * What discovery says beyond MSC4388, under keys of this project's own.
 * - `long_poll`: a read with `?since=<sequence_token>&timeout=<ms>` is answered once the session's token is another one,
 *   or the timeout has passed.
 * - `transaction_ids`: a write may go to `…/{id}/{txnId}`.
 */
export function extensions(rendezvous: Rendezvous): Readonly<Record<string, unknown>> {
  const longPoll = { "io.github.matrix-rendezvous.long_poll": { max_timeout_ms: MAX_TIMEOUT_MS } };
  return { "io.github.matrix-rendezvous.transaction_ids": true, ...(rendezvous.canWait ? longPoll : {}) };
}

export const INVALID_TIMEOUT: MatrixError = {
  status: 400,
  errcode: "M_INVALID_PARAM",
  error: "timeout must be a number of milliseconds",
};

/** The `timeout` of a read: none is no wait, too long a one is the longest; `undefined` where it is no number. */
export function parseTimeout(timeout: string | undefined): number | undefined {
  if (timeout === undefined) return 0;
  return /^\d{1,15}$/.test(timeout) ? Math.min(Number(timeout), MAX_TIMEOUT_MS) : undefined;
}

/** Waits until `session` may have changed, has expired, `timeoutMs` have passed, or one of `signals` is aborted. */
export async function holdRead(
  rendezvous: Rendezvous,
  id: string,
  session: Session,
  timeoutMs: number,
  signals: readonly AbortSignal[],
): Promise<void> {
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), Math.min(timeoutMs, rendezvous.remaining(session)));
  try {
    await rendezvous.waitForChange(id, session.sequenceToken, AbortSignal.any([enough.signal, ...signals]));
  } finally {
    clearTimeout(timer);
    enough.abort();
  }
}
