import { StoreUnavailableError } from "@matrix-rendezvous/core";
import type { Context, Hono } from "hono";
import type { Answers } from "./respond.ts";

export type RouteHandler = (c: Context) => Promise<Response>;

const REQUEST_ID = "rendezvousRequestId";

/** Enough to tell sessions apart in a log; far too little to reach one. */
const SHOWN_OF_ID = 6;

/** Paths, relative to where they are mounted, and who answers which method on them. */
export type Routes = Readonly<Record<string, Readonly<Record<string, RouteHandler>>>>;

/** One answered request, for metrics and logs: nothing of it is secret, and `route` has few values. */
export interface AnswerEvent {
  /** Tells the request from all others, in every line about it. */
  readonly requestId: string;
  /** Such as `GET`, as the client sent it. */
  readonly method: string;
  /** The path's pattern, such as `/_matrix/client/v1/rendezvous/:id`. */
  readonly route: string;
  /** The HTTP status of the answer. */
  readonly status: number;
  /** From when the request's head had been read until its answer was made, in milliseconds. */
  readonly durationMs: number;
  /** The first 6 characters of the rendezvous ID, where the path has one. */
  readonly session: string | undefined;
}

/** The request's ID: made here, because what a client sends as one could be anything, a secret too. */
export function requestIdOf(c: Context): string {
  const known: string | undefined = c.get(REQUEST_ID);
  if (known !== undefined) return known;
  const requestId = crypto.randomUUID();
  c.set(REQUEST_ID, requestId);
  return requestId;
}

/** Hears of each request that was answered; must not throw. */
export type Observe = (event: AnswerEvent) => void;

/** What is the same wherever routes are mounted. */
export interface Mounting {
  readonly app: Hono;
  readonly answers: Answers;
  readonly observe?: Observe | undefined;
}

/** Mounts `routes` under `prefix`; what else is at or under it is answered as unknown. */
export function mount({ app, answers, observe }: Mounting, prefix: string, routes: Routes): void {
  const on = (method: string, path: string, handler: RouteHandler): void => {
    app.on(method, path, observe === undefined ? handler : observed(handler, path, observe));
  };
  for (const [path, methods] of Object.entries(routes)) {
    for (const [method, handler] of Object.entries(methods)) on(method, prefix + path, handler);
    app.options(prefix + path, () => answers.preflight());
    app.all(prefix + path, () => answers.wrongMethod(Object.keys(methods)));
  }
  app.options(`${prefix}/*`, () => answers.preflight());
  app.all(`${prefix}/*`, () => answers.unrecognized());
}

function observed(handler: RouteHandler, route: string, observe: Observe): RouteHandler {
  return async (c) => {
    const startedAt = performance.now();
    const tell = (status: number): void => {
      const session = c.req.param("id")?.slice(0, SHOWN_OF_ID);
      const requestId = requestIdOf(c);
      observe({ requestId, method: c.req.method, route, status, durationMs: performance.now() - startedAt, session });
    };
    try {
      const answer = await handler(c);
      tell(answer.status);
      return answer;
    } catch (error) {
      tell(error instanceof StoreUnavailableError ? 503 : 500);
      throw error;
    }
  };
}
