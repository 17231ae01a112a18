import type { Context, Hono } from "hono";
import { requestIdField, thrownFailure } from "./failure.ts";
import { type Answer, Incoming, type RequestContext } from "./incoming.ts";
import type { Answers, Refuse } from "./respond.ts";
import type { Shortcut } from "./shortcut.ts";

export type RouteHandler = (incoming: Incoming) => Response | Promise<Response>;

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
  /** Why the status is 500 or 503, where it is; holds no payload, session ID or token. */
  readonly error: unknown;
}

/** Hears of each request that was answered; must not throw. */
export type Observe = (event: AnswerEvent) => void;

/** What is the same wherever routes are mounted. */
export interface Mounting {
  readonly app: Hono;
  readonly shortcut: Shortcut;
  readonly contextOf: (c: Context) => RequestContext;
  readonly answers: Answers;
  /** Answers where a handler throws. */
  readonly refuse: Refuse;
  readonly observe?: Observe | undefined;
  /** Hears of errors that `observe` does not hear of. */
  readonly onError: (error: unknown, requestId: string) => void;
}

/** Mounts `routes` under `prefix`; what else is at or under it is answered as unknown. */
export function mount(mounting: Mounting, prefix: string, routes: Routes): void {
  const { app, shortcut, contextOf, answers } = mounting;
  for (const [path, methods] of Object.entries(routes)) {
    for (const [method, handler] of Object.entries(methods)) {
      const answer = guarded(handler, prefix + path, mounting);
      shortcut.add(prefix, path, method, answer);
      app.on(method, prefix + path, (c) => answer(incomingOf(c, contextOf(c))));
    }
    app.options(prefix + path, () => answers.preflight());
    app.all(prefix + path, () => answers.wrongMethod(Object.keys(methods)));
  }
  app.options(`${prefix}/*`, () => answers.preflight());
  app.all(`${prefix}/*`, () => answers.unrecognized());
}

function incomingOf({ req }: Context, context: RequestContext): Incoming {
  const search = /\?([^#]*)/.exec(req.url)?.[1] ?? "";
  return new Incoming(req.raw, context, req.param(), search);
}

/** The handler, with its answers told, and one even where it throws. */
function guarded(handler: RouteHandler, route: string, { refuse, observe, onError }: Mounting): Answer {
  return async (incoming) => {
    const startedAt = performance.now();
    const tell = (status: number): void => {
      const { request, id, error } = incoming;
      if (observe === undefined && error !== undefined) onError(error, incoming.requestId);
      observe?.({
        // To make one takes longer than all else of this: it is for who asks for it.
        get requestId() {
          return incoming.requestId;
        },
        method: request.method,
        route,
        status,
        durationMs: performance.now() - startedAt,
        session: id === "" ? undefined : id.slice(0, SHOWN_OF_ID),
        error,
      });
    };
    try {
      const answer = await handler(incoming);
      tell(answer.status);
      return answer;
    } catch (error) {
      incoming.error = error;
      const failure = thrownFailure(error);
      tell(failure.status);
      return refuse(failure, incoming.request, requestIdField(incoming.requestId));
    }
  };
}
