import { type Answer, readAnswer } from "./answer.ts";
import type { Connection } from "./connection.ts";
import { RendezvousError } from "./errors.ts";

export interface ApiRequest {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** What follows the endpoint, secret or not; see `secret`. */
  readonly path: string;
  /** Kept out of error messages: the rendezvous ID. */
  readonly secret?: string | undefined;
  readonly authorize?: boolean | undefined;
  /** Serialised once, so that a retry has the same bytes. */
  readonly body?: string | undefined;
  /** How long the server may take on purpose, in milliseconds. */
  readonly holdMs?: number | undefined;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

/**
 * Sends a request, and again after a pause, until an answer is final or the next try would be past `deadline`. What
 * the server may have done already is repeated only where that is safe: everything but a creation.
 *
 * @throws RendezvousError `network` where no answer came; the signal's reason where it is aborted
 */
export async function persist(
  connection: Connection,
  request: ApiRequest,
  deadline: number,
  signal: AbortSignal,
): Promise<Answer> {
  const { clock } = connection;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
    const outcome = await attempt(connection, request, signal);
    if (!isTransient(outcome, request)) return unlessFailed(outcome);
    const wait = Math.max(pause, outcome instanceof RendezvousError ? 0 : (outcome.retryAfterMs ?? 0));
    if (clock.now() + wait >= deadline) return unlessFailed(outcome);
    await clock.sleep(wait, signal);
  }
}

/** Sends a request once. */
export async function exchange(connection: Connection, request: ApiRequest, signal: AbortSignal): Promise<Answer> {
  return unlessFailed(await attempt(connection, request, signal));
}

async function attempt(
  connection: Connection,
  request: ApiRequest,
  signal: AbortSignal,
): Promise<Answer | RendezvousError> {
  const { method, path, body, holdMs = 0 } = request;
  signal.throwIfAborted();
  const timeout = AbortSignal.timeout(connection.requestTimeoutMs + holdMs);
  const headers: Record<string, string> = request.authorize ? { ...connection.authorization } : {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method, headers, signal: AbortSignal.any([signal, timeout]) };
  if (body !== undefined) init.body = body;
  try {
    const response = await connection.fetch(connection.endpoint + path, init);
    return await readAnswer(response, connection.clock.now());
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RendezvousError) return error;
    const problem = timeout.aborted ? `none within ${connection.requestTimeoutMs + holdMs} ms` : describe(error);
    // Some runtimes put the URL into the error, and the URL has the rendezvous ID.
    const { secret } = request;
    const message = secret === undefined ? problem : problem.replaceAll(secret, `${secret.slice(0, 6)}…`);
    return new RendezvousError("network", `no answer from the homeserver: ${message}`);
  }
}

function isTransient(outcome: Answer | RendezvousError, { method }: ApiRequest): boolean {
  if (outcome instanceof RendezvousError) return outcome.code === "network" && method !== "POST";
  const { status } = outcome;
  // 429 and 503 say that nothing was done; after another 5xx, a session may exist that nobody knows of.
  return status === 429 || status === 503 || (status >= 500 && method !== "POST");
}

function unlessFailed(outcome: Answer | RendezvousError): Answer {
  if (outcome instanceof RendezvousError) throw outcome;
  return outcome;
}

/** An error's words and, where it has a cause, the cause's: Node says why only there. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
  return error.message + cause;
}
