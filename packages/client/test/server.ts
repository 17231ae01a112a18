/** The real server, called without a socket, in a time of its own. */
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler, type HandlerOptions } from "@matrix-rendezvous/http";
import type { Clock, Extensions, Fetch } from "../src/session/index.ts";

export const BASE_URL = "https://example.org";

/** What a server that knows MSC4388 alone offers. Held requests would wait in real time. */
export const NONE: Extensions = { longPollMs: 0, transactionIds: false };

/** Time passes only while somebody sleeps. */
export class TestClock implements Clock {
  readonly slept: number[] = [];
  #now = 1_000_000;

  now(): number {
    return this.#now;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.slept.push(ms);
    const until = this.#now + ms;
    // Others get their turn first, as they would if the time were real.
    await new Promise((resolve) => setTimeout(resolve));
    signal.throwIfAborted();
    this.#now = Math.max(this.#now, until);
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

export interface Recorded {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface TestServer {
  readonly clock: TestClock;
  /** Every request so far. */
  readonly requests: Recorded[];
  /** What a client of this server needs. */
  readonly options: { baseUrl: string; fetch: Fetch; clock: Clock; extensions: Extensions };
  /**
   * Puts something between the clients and the server: what it gives for a request is the answer, if anything. `pass`
   * lets the server answer, the same request or one to another URL.
   */
  intercept: (request: Recorded, pass: (url?: string) => Promise<Response>) => Promise<Response> | undefined;
}

export function startServer(options: Partial<HandlerOptions> = {}): TestServer {
  const clock = new TestClock();
  const handler = createHandler({ store: memoryStore(), mode: "open", now: () => clock.now(), ...options });
  const requests: Recorded[] = [];
  const server: TestServer = {
    clock,
    requests,
    options: {
      baseUrl: BASE_URL,
      clock,
      extensions: NONE,
      fetch: async (url, init) => {
        const request = new Request(url, init);
        const body = typeof init.body === "string" ? init.body : "";
        const recorded = { method: request.method, url, headers: Object.fromEntries(request.headers), body };
        requests.push(recorded);
        return server.intercept(recorded, (other = url) => handler(new Request(other, init))) ?? handler(request);
      },
    },
    intercept: () => undefined,
  };
  return server;
}

/** An answer as a homeserver gives it. */
export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}
