import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import type { Handler } from "@matrix-rendezvous/http";
import { type AwayReport, answerAway } from "./away.ts";
import type { Client } from "./client.ts";
import { ask, type Exchange, type Outcome, relay } from "./exchange.ts";
import { answerFields, hasBody, requestFields } from "./fields.ts";
import type { Upstream } from "./upstream.ts";
import { relayVersions, unconditional, VERSIONS_PATH } from "./versions.ts";

export interface Parts {
  /** Whether the rendezvous API has a route for it; all others are the homeserver's. */
  readonly isRendezvous: (method: string, path: string) => boolean;
  /** The rendezvous API. */
  readonly answer: Handler;
  readonly upstream: Upstream;
  readonly tellClient: (request: IncomingMessage) => Client;
  /** Whether clients are told of the rendezvous API. */
  readonly advertised: boolean;
  readonly report: AwayReport;
}

/** Who takes longer to send a session's payload is not waited for, in milliseconds. */
const MAX_BODY_MS = 30_000;

/** How much of a body that was refused is read past, so that the client reads the refusal, in bytes. */
const MAX_REFUSED_BYTES = 16 * 1024 * 1024;

/** Answers the rendezvous paths, and has the homeserver answer all others. */
export function createListener(parts: Parts): RequestListener {
  const { isRendezvous, answer, upstream, tellClient, advertised, report } = parts;
  const answerHere = getRequestListener(
    (request, env) => answer(request, { clientAddress: (env as HttpBindings).incoming.socket.remoteAddress }),
    { overrideGlobalObjects: false },
  );

  function answerThere(exchange: Exchange, target: string, isVersions: boolean): void {
    const { request } = exchange;
    const fields = requestFields(request, tellClient(request), upstream.host);
    const onFailure = (error: unknown): void => {
      report.failed(error);
      answerAway(exchange, error);
    };
    const onAnswer = (answer: IncomingMessage): void => {
      report.answered();
      if (isVersions) relayVersions(answer, exchange).catch(onFailure);
      else relay(answer, exchange, answerFields(answer, request));
    };
    const outcome: Outcome = { onAnswer, onFailure };
    const { method = "GET" } = request;
    // A HEAD is answered like the GET that it stands for: the length of the changed body is not known without it.
    if (isVersions) ask(upstream, { method: "GET", target, fields: unconditional(fields) }, exchange, outcome);
    else ask(upstream, { method, target, fields }, exchange, outcome);
  }

  return (request, response) => {
    const { method = "GET" } = request;
    const target = originForm(request.url ?? "/");
    const [path = "/"] = target.split(/[?#]/, 1);
    if (isRendezvous(method, path)) {
      if (request.headers.expect !== undefined) response.writeContinue();
      if (hasBody(request)) boundBody(request, response);
      return void answerHere(request, response);
    }
    // The upstream's date is good enough, and it may have sent none.
    response.sendDate = false;
    const isVersions = advertised && path === VERSIONS_PATH && ["GET", "HEAD"].includes(method);
    answerThere({ request, response }, target, isVersions);
  };
}

/** Hangs up on a client that takes for ever to send a body, or goes on and on with one that has been answered. */
function boundBody(request: IncomingMessage, response: ServerResponse): void {
  const late = setTimeout(() => request.destroy(), MAX_BODY_MS);
  request.once("end", () => clearTimeout(late));
  request.once("close", () => clearTimeout(late));
  response.once("finish", () => {
    if (request.complete) return;
    let bytes = 0;
    request.on("data", (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes > MAX_REFUSED_BYTES) request.destroy();
    });
  });
}

/** The target without the scheme and host that a client may put before it, RFC 9112 section 3.2.2. */
function originForm(target: string): string {
  return target.replace(/^https?:\/\/[^/?#]*(?=([/?#]?))/i, (_, next) => (next === "/" ? "" : "/"));
}
