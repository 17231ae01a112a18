import { STATUS_CODES } from "node:http";
import type { Logger } from "@matrix-rendezvous/program";
import type { Exchange } from "./exchange.ts";
import { UpstreamTimeoutError } from "./upstream.ts";

/** As Synapse has them, so that web pages can read what went wrong. */
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
  "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization, Date",
};

/** Answers in the homeserver's place: 504 where it took too long, else 502. */
export function answerAway({ request, response }: Exchange, error: unknown): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  // Behind a preflight that fails, a page could not read the answer to the request itself.
  if (request.method === "OPTIONS") return void response.writeHead(204, CORS).end();
  const late = error instanceof UpstreamTimeoutError;
  const words = late ? "The homeserver took too long to answer" : "The homeserver cannot be reached at the moment";
  const body = JSON.stringify({ errcode: "M_UNKNOWN", error: words });
  const headers = { ...CORS, "Content-Type": "application/json", "Cache-Control": "no-store" };
  const status = late ? 504 : 502;
  // Its words are given, because some may be left there of an answer that could not be sent.
  response.writeHead(status, STATUS_CODES[status], { ...headers, "Content-Length": body.length }).end(body);
}

/** How a connection fails that there was. Synapse hangs up on an upload that is over its limit, and answers everybody else. */
const HUNG_UP: readonly unknown[] = ["ECONNRESET", "EPIPE"];

/** Tells when the homeserver goes away and when it is back, once each: every request would fail alike. */
export class AwayReport {
  readonly #logger: Logger;
  #isAway = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  answered(): void {
    if (this.#isAway) this.#logger.info("The homeserver answers again");
    this.#isAway = false;
  }

  failed(error: unknown): void {
    if (HUNG_UP.includes(codeOf(error))) return;
    if (!this.#isAway) this.#logger.error(`The homeserver does not answer: ${reason(error)}`);
    this.#isAway = true;
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Where a name has several addresses, the error that joins theirs has no words of its own.
  return error.message || String(codeOf(error));
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
