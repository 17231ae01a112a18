import { StoreUnavailableError } from "@matrix-rendezvous/core";
import { Hono } from "hono";
import { CREATE_PATH, createRoutes, SESSION_PATH, sessionRoutes } from "./msc4108/routes.ts";
import { msc4388Routes, STABLE_PREFIX, UNSTABLE_PREFIX } from "./msc4388/routes.ts";
import { type AppOptions, createService, type HandlerOptions } from "./options.ts";
import { ANSWERS, MSC4108_ANSWERS } from "./respond.ts";
import { mount, type Routes, requestIdOf } from "./routing.ts";

/** What the listener knows of a request besides the request itself. */
export interface RequestContext {
  /** The client's address, as the socket gives it. Without one, all clients count as one. */
  readonly clientAddress?: string | undefined;
}

/** Answers a request; never rejects. */
export type Handler = (request: Request, context?: RequestContext) => Promise<Response>;

/**
 * The rendezvous API as a Hono application, to be mounted in one's own with `route("/", createApp(…))`.
 *
 * @throws TypeError or RangeError where an option is wrong
 */
export function createApp(options: AppOptions): Hono {
  const service = createService(options);
  const app = new Hono();
  app.onError((error, c) => {
    const requestId = requestIdOf(c);
    service.onError(error, requestId);
    return failed(error, requestId);
  });
  app.notFound((c) => (c.req.method === "OPTIONS" ? ANSWERS.preflight() : ANSWERS.unrecognized()));
  // Switched off, the paths stay ours: as part of a larger application, they must not fall to somebody else's routes.
  const unlessOff = (routes: Routes): Routes => (options.mode === "off" ? {} : routes);
  const { basePath = "", observe } = options;
  const prefixes = [{ prefix: UNSTABLE_PREFIX, concurrentWrite: "IO_ELEMENT_MSC4388_CONCURRENT_WRITE" }];
  if (options.stableEndpoint) prefixes.push({ prefix: STABLE_PREFIX, concurrentWrite: "M_CONCURRENT_WRITE" });
  for (const { prefix, concurrentWrite } of prefixes) {
    mount({ app, answers: ANSWERS, observe }, basePath + prefix, unlessOff(msc4388Routes(service, concurrentWrite)));
  }
  if (service.msc4108) {
    const mounting = { app, answers: MSC4108_ANSWERS, observe };
    mount(mounting, basePath + CREATE_PATH, unlessOff(createRoutes(service.msc4108)));
    mount(mounting, basePath + SESSION_PATH, unlessOff(sessionRoutes(service.msc4108)));
  }
  return app;
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
 * console.log(await answer.json()); // { create_available: true }
 * ```
 */
export function createHandler(options: HandlerOptions): Handler {
  const app = createApp({ ...options, clientAddress: (c) => c.env.clientAddress });
  return async (request, context = {}) => app.fetch(request, context);
}

function failed(error: unknown, requestId: string): Response {
  // For whoever was answered so, to ask the operator with.
  const headers = { "X-Request-ID": requestId };
  if (error instanceof StoreUnavailableError) {
    const words = "Sessions cannot be reached at the moment";
    return ANSWERS.error({ status: 503, errcode: "M_UNKNOWN", error: words, retryAfterMs: 1_000 }, headers);
  }
  return ANSWERS.error({ status: 500, errcode: "M_UNKNOWN", error: "Internal server error" }, headers);
}
