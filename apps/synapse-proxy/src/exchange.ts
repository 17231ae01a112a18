import type { ClientRequest, IncomingMessage, ServerResponse } from "node:http";
import { hasBody, pairs } from "./fields.ts";
import { type Upstream, UpstreamTimeoutError } from "./upstream.ts";

/** A client's request, and the place for its answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** A request to the homeserver, on behalf of a client. */
export interface Question {
  readonly method: string;
  readonly target: string;
  /** Names and values in turn. */
  readonly fields: readonly string[];
}

/** Who deals with the outcome of a question; one of them is called, once, or none where the client has gone. */
export interface Outcome {
  onAnswer(answer: IncomingMessage): void;
  /** There is no answer; nothing of one has been sent to the client. */
  onFailure(error: unknown): void;
}

const SAFE: readonly string[] = ["GET", "HEAD", "OPTIONS"];

/**
 * Asks the homeserver, with the client's body as it comes in. Interim answers (1xx) go on to the client. Who hangs up at
 * one end is hung up on at the other.
 */
export function ask(upstream: Upstream, question: Question, exchange: Exchange, outcome: Outcome): void {
  const { request, response } = exchange;
  const asked = begin(upstream, question, outcome);
  if (asked === undefined) return;
  const whenClosed = (): void => {
    if (!response.writableFinished) asked.destroy();
  };
  let isOver = false;
  let wasKept = false;
  asked.once("socket", () => {
    wasKept = asked.reusedSocket;
    // Deno asks once more by itself where this is true: what was a POST, and what we hung up on, too.
    asked.reusedSocket = false;
  });
  response.once("close", whenClosed);
  asked.on("information", ({ statusCode, rawHeaders }) => interim(response, statusCode, rawHeaders));
  const fail = (error: Error): void => {
    // Once the answer is there, what goes wrong is the answer's error. Without a client, nobody is left to tell.
    if (isOver || response.destroyed) return;
    isOver = true;
    response.off("close", whenClosed);
    // The homeserver closed a kept connection just as it was taken up again.
    const isStale = wasKept && !(error instanceof UpstreamTimeoutError);
    if (isStale && !hasBody(request) && SAFE.includes(question.method)) ask(upstream, question, exchange, outcome);
    else outcome.onFailure(error);
  };
  asked.on("response", (answer) => {
    isOver = true;
    try {
      outcome.onAnswer(answer);
    } catch (error) {
      answer.on("error", () => {});
      asked.destroy();
      outcome.onFailure(error);
    }
  });
  asked.on("error", fail);
  // An answer that switches protocols ends the connection, and is no error to the runtime.
  asked.on("close", () => fail(new Error("the connection ended without an answer")));
  if (hasBody(request)) upload(exchange, asked);
  else asked.end();
}

function begin(upstream: Upstream, { method, target, fields }: Question, outcome: Outcome): ClientRequest | undefined {
  try {
    return upstream.request(method, target, fields);
  } catch (error) {
    outcome.onFailure(error);
    return undefined;
  }
}

function upload({ request, response }: Exchange, asked: ClientRequest): void {
  // A client that expects "100 Continue" sends nothing before the homeserver has seen the head of its request.
  asked.flushHeaders();
  request.once("end", () => {
    if (request.rawTrailers.length > 0) asked.addTrailers([...pairs(request.rawTrailers)]);
  });
  request.pipe(asked);
  // Answered before the body had come in (413, for one): the client may still be sending, and reads only afterwards.
  response.once("finish", () => {
    if (request.complete) return;
    request.unpipe(asked);
    asked.destroy();
    request.resume();
  });
}

/**
 * Sends the answer on, as it comes.
 *
 * @throws TypeError or RangeError where its head is one that cannot be sent; nothing of it has been
 */
export function relay(answer: IncomingMessage, { response }: Exchange, fields: string[]): void {
  response.writeHead(answer.statusCode ?? 0, answer.statusMessage, fields);
  answer.once("error", () => response.destroy());
  let begun = false;
  answer.once("data", () => {
    begun = true;
  });
  answer.once("end", () => {
    if (answer.rawTrailers.length > 0) response.addTrailers([...pairs(answer.rawTrailers)]);
  });
  answer.pipe(response);
  // A head whose body is not there yet does not wait for it; with a body behind it, both leave in one packet.
  setImmediate(() => {
    if (!begun && !response.writableEnded) response.flushHeaders();
  });
}

/** Sends an interim answer on. Deno has nothing to send others with than the two that have a method of their own. */
function interim(response: ServerResponse, statusCode: number, raw: readonly string[]): void {
  if (response.headersSent || response.req.httpVersion === "1.0") return;
  if (statusCode === 100) response.writeContinue();
  else if (statusCode === 102) response.writeProcessing();
  else if ("writeInformation" in response) response.writeInformation(statusCode, raw);
}
