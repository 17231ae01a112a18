/**
 * Answers as the Matrix Client-Server API wants them: JSON, readable from any web page (CORS), never cached.
 *
 * @module
 */

export const CORS: Readonly<Record<string, string>> = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
  "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization",
};

const JSON_HEADERS: Readonly<Record<string, string>> = {
  ...CORS,
  "Content-Type": "application/json",
  "Cache-Control": "no-store",
};

/** An answer with `body` as JSON. */
export function json(body: unknown, status = 200, headers?: Readonly<Record<string, string>>): Response {
  // Headers set at once: to add one later makes the runtime build a second Headers object for every answer.
  return new Response(JSON.stringify(body), {
    status,
    headers: headers ? { ...JSON_HEADERS, ...headers } : JSON_HEADERS,
  });
}

/** What went wrong, before it becomes an answer. */
export interface MatrixError {
  readonly status: number;
  /** Stable, for programs: `M_…`, or in a namespace. */
  readonly errcode: string;
  /** For people; names what is wrong, holds nothing secret. */
  readonly error: string;
  readonly retryAfterMs?: number | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** The standard error answer of the Client-Server API, with `Retry-After` (whole seconds) where it is worth waiting. */
export function errorAnswer({ status, errcode, error, retryAfterMs, headers }: MatrixError): Response {
  if (retryAfterMs === undefined) return json({ errcode, error }, status, headers);
  const retryAfter = { "Retry-After": String(Math.ceil(retryAfterMs / 1000)) };
  return json({ errcode, error, retry_after_ms: retryAfterMs }, status, { ...headers, ...retryAfter });
}

/** The answer to a CORS preflight, on whatever path: a page must be able to read the answers that refuse it, too. */
export function preflight(): Response {
  return new Response(null, { status: 204, headers: { ...CORS, "Cache-Control": "no-store" } });
}

export function unrecognized(): Response {
  return errorAnswer({ status: 404, errcode: "M_UNRECOGNIZED", error: "Unrecognized request" });
}

export function wrongMethod(allowed: readonly string[]): Response {
  const headers = { Allow: [...allowed, "OPTIONS"].join(", ") };
  return errorAnswer({ status: 405, errcode: "M_UNRECOGNIZED", error: "Wrong method for this path", headers });
}
