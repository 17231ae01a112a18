import type { Answer, Outcome } from "./answer.ts";
import { readText, UNDECODED } from "./body.ts";
import { type Failure, failureOf } from "./failure.ts";
import { inspectTls } from "./tls.ts";

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** It creates something: its answer, which says what to delete, is waited for after an interruption, too. */
  readonly creates?: true;
  /** The server is asked to take its time: how long it takes says nothing about its speed. */
  readonly waits?: true;
}

/** How long an examination may take, and how much it may read. */
export interface Limits {
  /** For everything, in milliseconds; what was created is deleted after that, too. */
  readonly totalMs: number;
  /** For one request and its answer, in milliseconds. */
  readonly requestMs: number;
  /** How long a read is held that waits for the next message, where the server offers that, in milliseconds; 0 asks for none. */
  readonly holdMs: number;
  /** What half of the answers may take, and the way from an answer's head to its end, in milliseconds. */
  readonly slowMs: number;
  /** Of one answer's body; the rest is not read. */
  readonly bodyBytes: number;
  /** How many are followed for one request. */
  readonly redirects: number;
}

export const LIMITS: Limits = {
  ...{ totalMs: 180_000, requestMs: 10_000, holdMs: 5_000, slowMs: 1_000 },
  ...{ bodyBytes: 262_144, redirects: 5 },
};

/** Sends requests as a client does, each of them bounded in time and size. */
export class Wire {
  readonly limits: Limits;
  /** Ends what is under way. */
  readonly signal: AbortSignal;
  /** How long each answer took, in milliseconds. */
  readonly latencies: number[] = [];
  /** From an answer's head to its end, in milliseconds. */
  longestBodyMs = 0;

  constructor(limits: Limits, signal: AbortSignal) {
    this.limits = limits;
    this.signal = signal;
  }

  /** Why nothing is asked any more. */
  whyEnded(): string {
    const isLate = Object(this.signal.reason).name === "TimeoutError";
    return isLate ? `it took over ${this.limits.totalMs / 1000} s` : "it was interrupted";
  }

  /** A request, and where it is answered with a redirect that keeps method and body, the same request there. */
  async ask(method: string, url: string, ask: Ask = {}): Promise<Outcome> {
    const hops: Answer[] = [];
    let outcome = await this.#once(method, url, ask);
    while (outcome.came && isRedirect(method, outcome)) {
      if (hops.length === this.limits.redirects) {
        return { came: false, url: outcome.url, failure: "redirect_loop", detail: "", hops };
      }
      hops.push(outcome);
      const next = new URL(outcome.headers.get("Location") ?? "", outcome.url);
      // As fetch does, which clients leave this to (Fetch standard, "HTTP-redirect fetch"), for the rest of the way.
      if (next.origin !== new URL(outcome.url).origin) ask = withoutAuthorization(ask);
      outcome = await this.#once(method, next.href, ask);
    }
    return { ...outcome, hops };
  }

  async #once(method: string, url: string, { headers = {}, body, creates, waits }: Ask): Promise<Outcome> {
    const { requestMs, bodyBytes } = this.limits;
    const begun = performance.now();
    try {
      // Not even begun, or waited for to its end.
      this.signal.throwIfAborted();
      const limit = AbortSignal.timeout(requestMs);
      const signal = creates ? limit : AbortSignal.any([this.signal, limit]);
      const init = { ...UNDECODED, method, headers, body: body ?? null, redirect: "manual", signal } as const;
      const response = await fetch(url, init);
      const [at, headMs] = [Date.now(), performance.now() - begun];
      const text = await readText(response, bodyBytes);
      if (text === undefined) return { came: false, url, failure: "body_too_large", detail: "", hops: [] };
      const tookMs = performance.now() - begun;
      if (!waits) this.latencies.push(tookMs);
      this.longestBodyMs = Math.max(this.longestBodyMs, tookMs - headMs);
      return { came: true, url, status: response.status, headers: response.headers, text, hops: [], at };
    } catch (error) {
      return { came: false, url, ...(await this.#why(url, error)), hops: [] };
    }
  }

  async #why(url: string, error: unknown): Promise<{ readonly failure: Failure; readonly detail: string }> {
    const { signal, limits } = this;
    if (signal.aborted) return { failure: "unfinished", detail: this.whyEnded() };
    const why = failureOf(error);
    if (!url.startsWith("https:") || !(why.failure.startsWith("tls_") || why.failure === "connection_lost")) return why;
    const tls = await inspectTls(url, limits.requestMs, signal);
    return "failure" in tls ? tls : why;
  }
}

function withoutAuthorization({ headers: { Authorization: _, ...headers } = {}, ...ask }: Ask): Ask {
  return { ...ask, headers };
}

/** 301 to 303 turn a POST into a GET: nothing to follow. */
function isRedirect(method: string, { status, headers, url }: Answer): boolean {
  if (!URL.canParse(headers.get("Location") ?? "", url)) return false;
  return status === 307 || status === 308 || (method === "GET" && [301, 302, 303].includes(status));
}
