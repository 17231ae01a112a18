type HeaderFields = Readonly<Record<string, string>>;

/** What went wrong, before it becomes an answer. */
export interface MatrixError {
  readonly status: number;
  /** Stable, for programs: `M_…`, or in a namespace. */
  readonly errcode: string;
  /** For people; names what is wrong, holds nothing secret. */
  readonly error: string;
  readonly retryAfterMs?: number | undefined;
  /** Members of the answer beyond the standard ones. */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** Answers a request with an error. */
export type Refuse = (error: MatrixError, request: Request, headers?: HeaderFields) => Response;

/** Answers as the Matrix Client-Server API wants them: readable from any web page (CORS), and as little cached as said. */
export class Answers {
  readonly #bare: HeaderFields;
  readonly #json: HeaderFields;

  /** @param headers on every answer */
  constructor(headers: HeaderFields) {
    this.#bare = headers;
    this.#json = { ...headers, "Content-Type": "application/json" };
  }

  json(body: unknown, status = 200, headers?: HeaderFields): Response {
    // Headers set at once: to add one later makes the runtime build a second Headers object for every answer.
    return new Response(JSON.stringify(body), {
      status,
      headers: headers ? { ...this.#json, ...headers } : this.#json,
    });
  }

  /** An answer that is no JSON; `headers` say what it is. */
  raw(body: Uint8Array<ArrayBuffer> | null, status: number, headers: HeaderFields): Response {
    return new Response(body, { status, headers: { ...this.#bare, ...headers } });
  }

  /** The standard error answer of the Client-Server API, with `Retry-After` (whole seconds) where it is worth waiting. */
  error({ status, errcode, error, retryAfterMs, more }: MatrixError, headers?: HeaderFields): Response {
    // Who sends too slowly is hung up on (RFC 9110 section 15.5.9): else the connection is kept for the rest of the body.
    if (status === 408) return this.json({ errcode, error, ...more }, status, { ...headers, Connection: "close" });
    if (retryAfterMs === undefined) return this.json({ errcode, error, ...more }, status, headers);
    const retryAfter = { "Retry-After": String(Math.ceil(retryAfterMs / 1000)) };
    return this.json({ errcode, error, retry_after_ms: retryAfterMs, ...more }, status, { ...headers, ...retryAfter });
  }

  /** The answer to a CORS preflight, on whatever path: a page must be able to read the answers that refuse it, too. */
  preflight(): Response {
    return this.raw(null, 204, {});
  }

  unrecognized(): Response {
    return this.error({ status: 404, errcode: "M_UNRECOGNIZED", error: "Unrecognized request" });
  }

  wrongMethod(allowed: readonly string[]): Response {
    const headers = { Allow: [...allowed, "OPTIONS"].join(", ") };
    return this.error({ status: 405, errcode: "M_UNRECOGNIZED", error: "Wrong method for this path" }, headers);
  }
}

const METHODS: HeaderFields = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, POST, PUT, DELETE, OPTIONS",
};

/** As the 2025 version (MSC4388) and unknown routes are answered. */
export const ANSWERS: Answers = new Answers({
  ...METHODS,
  "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization",
  "Cache-Control": "no-store",
});

/** As the 2024 version (MSC4108) is answered: its clients live by the ETag, which caches and compression tamper with. */
export const MSC4108_ANSWERS: Answers = new Answers({
  ...METHODS,
  "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization, If-Match, If-None-Match",
  "Access-Control-Expose-Headers": "ETag",
  "Cache-Control": "no-store, no-transform",
  Pragma: "no-cache",
});
