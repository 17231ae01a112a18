import { type Failure, failureOf } from "./failure.ts";

export interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back for one request. */
export interface Answer {
  readonly came: true;
  /** Where it came from, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The redirects on the way, and where each led. */
  readonly hops: readonly Answer[];
  /** This machine's time when the head of the answer was there, in Unix milliseconds. */
  readonly at: number;
  readonly tookMs: number;
}

export interface NoAnswer {
  readonly came: false;
  readonly url: string;
  readonly failure: Failure;
  readonly detail: string;
  readonly hops: readonly Answer[];
}

export type Outcome = Answer | NoAnswer;

export interface Limits {
  /** For one request and its answer, in milliseconds. */
  readonly requestMs: number;
  /** Of one answer's body; the rest is not read. */
  readonly bodyBytes: number;
  readonly redirects: number;
}

export const LIMITS: Limits = { requestMs: 10_000, bodyBytes: 262_144, redirects: 5 };

/** Sends requests as a client does, each of them bounded in time and size. */
export class Wire {
  readonly #limits: Limits;
  readonly #signal: AbortSignal;
  /** How long each answer took, in milliseconds. */
  readonly latencies: number[] = [];

  constructor(limits: Limits, signal: AbortSignal) {
    this.#limits = limits;
    this.#signal = signal;
  }

  /** A request, and where it is answered with a redirect that keeps method and body, the same request there. */
  async ask(method: string, url: string, ask: Ask = {}): Promise<Outcome> {
    const hops: Answer[] = [];
    let outcome = await this.#once(method, url, ask);
    while (outcome.came && isRedirect(method, outcome)) {
      if (hops.length === this.#limits.redirects) {
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

  async #once(method: string, url: string, { headers = {}, body }: Ask): Promise<Outcome> {
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(this.#limits.requestMs)]);
    const begun = performance.now();
    try {
      const response = await fetch(url, { method, headers, body: body ?? null, redirect: "manual", signal });
      const at = Date.now();
      const text = await readText(response, this.#limits.bodyBytes);
      const tookMs = performance.now() - begun;
      if (text === undefined) return { came: false, url, failure: "body_too_large", detail: "", hops: [] };
      this.latencies.push(tookMs);
      return { came: true, url, status: response.status, headers: response.headers, text, hops: [], at, tookMs };
    } catch (error) {
      return { came: false, url, ...failureOf(error), hops: [] };
    }
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

async function readText({ body }: Response, limit: number): Promise<string | undefined> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const reader = body?.getReader();
  let [text, length] = ["", 0];
  for (let read = await reader?.read(); read?.value !== undefined; read = await reader?.read()) {
    length += read.value.length;
    if (length > limit) {
      await reader?.cancel();
      return undefined;
    }
    text += decoder.decode(read.value, { stream: true });
  }
  return text + decoder.decode();
}

/** The members of a JSON object, or `undefined` where the body is none. */
export function jsonOf({ text }: Answer): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The Matrix error code of an answer, empty where it has none. */
export function errcodeOf(answer: Answer): string {
  const { errcode } = jsonOf(answer) ?? {};
  return typeof errcode === "string" ? errcode : "";
}

/** Whether it is a page for people: of a captive portal, a firewall, a web server's own errors. */
export function isHtml({ headers, text }: Answer): boolean {
  return /^text\/html\b/i.test(headers.get("Content-Type") ?? "") || /^\s*<(!doctype|html)/i.test(text);
}
