import { type Context, Hono } from "hono";
import { requestIdField, thrownFailure } from "./failure.ts";
import type { RequestContext } from "./incoming.ts";
import { CREATE_PATH, createRoutes, refuse as refuse2024, SESSION_PATH, sessionRoutes } from "./msc4108/routes.ts";
import { msc4388Routes, refuse as refuse2025, STABLE_PREFIX, UNSTABLE_PREFIX } from "./msc4388/routes.ts";
import { type AppOptions, createService, type HandlerOptions } from "./options.ts";
import { ANSWERS, MSC4108_ANSWERS } from "./respond.ts";
import { mount, type Routes } from "./routing.ts";
import { Shortcut } from "./shortcut.ts";

/** Answers a request; never rejects. */
export type Handler = (request: Request, context?: RequestContext) => Promise<Response>;

/** The rendezvous API, in the two shapes that a server may need. */
export interface Api {
  /** What {@link createApp} gives. Routes that are added to it are answered by `handler`, too. */
  readonly app: Hono;
  /** What {@link createHandler} gives. */
  readonly handler: Handler;
}

/**
 * The rendezvous API as a Hono application, to be mounted in one's own with `route("/", createApp(…))`.
 *
 * @throws TypeError or RangeError where an option is wrong
 */
export function createApp(options: AppOptions): Hono {
  const { clientAddress } = options;
  const contextOf = (c: Context): RequestContext => ({
    get clientAddress() {
      return clientAddress?.(c);
    },
  });
  return build(options, contextOf).app;
}

/**
 * The rendezvous API as one function from a request to its answer, for any server that speaks in those.
 *
 * @throws TypeError or RangeError where an option is wrong
 *
 * @example
 * ```ts
 * import { memoryStore } from "@matrix-rendezvous/core";
 * import { createHandler } from "@matrix-rendezvous/http";
 *
 * const handler = createHandler({ store: memoryStore(), mode: "open" });
 * const answer = await handler(new Request("http://localhost/_matrix/client/unstable/io.element.msc4388/rendezvous"));
 * console.log(await answer.json()); // { create_available: true, … }
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  return createApi(options).handler;
}

/**
 * The rendezvous API as a handler, with the application behind it, for a server that has routes of its own besides.
 *
 * @throws TypeError or RangeError where an option is wrong
 */
export function createApi(options: HandlerOptions): Api {
  const { app, shortcut } = build(options, (c) => c.env);
  const route = async (request: Request, context: RequestContext): Promise<Response> => app.fetch(request, context);
  const handler: Handler = (request, context = {}) => shortcut.answer(request, context) ?? route(request, context);
  return { app, handler };
}

function build(options: HandlerOptions, contextOf: (c: Context) => RequestContext): { app: Hono; shortcut: Shortcut } {
  const service = createService(options);
  const app = new Hono();
  // Of routes that somebody added: ours have an answer for everything.
  app.onError((error) => {
    const requestId = crypto.randomUUID();
    service.onError(error, requestId);
    return ANSWERS.error(thrownFailure(error), requestIdField(requestId));
  });
  app.notFound((c) => (c.req.method === "OPTIONS" ? ANSWERS.preflight() : ANSWERS.unrecognized()));
  // Switched off, the paths stay ours: as part of a larger application, they must not fall to somebody else's routes.
  const unlessOff = (routes: Routes): Routes => (options.mode === "off" ? {} : routes);
  const { basePath = "", observe } = options;
  const shortcut = new Shortcut();
  const mounting = { app, shortcut, contextOf, observe, onError: service.onError };
  const prefixes = [{ prefix: UNSTABLE_PREFIX, concurrentWrite: "IO_ELEMENT_MSC4388_CONCURRENT_WRITE" }];
  if (options.stableEndpoint) prefixes.push({ prefix: STABLE_PREFIX, concurrentWrite: "M_CONCURRENT_WRITE" });
  for (const { prefix, concurrentWrite } of prefixes) {
    const routes = unlessOff(msc4388Routes(service, concurrentWrite));
    mount({ ...mounting, answers: ANSWERS, refuse: refuse2025 }, basePath + prefix, routes);
  }
  if (service.msc4108) {
    const mounting2024 = { ...mounting, answers: MSC4108_ANSWERS, refuse: refuse2024 };
    mount(mounting2024, basePath + CREATE_PATH, unlessOff(createRoutes(service.msc4108)));
    mount(mounting2024, basePath + SESSION_PATH, unlessOff(sessionRoutes(service.msc4108)));
  }
  return { app, shortcut };
}
