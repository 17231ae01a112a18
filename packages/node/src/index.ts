/**
 * Serves the rendezvous handler on Node.
 *
 * @module
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener, type HttpBindings } from "@hono/node-server";
import {
  DEFAULT_CLOSE_GRACE_MS,
  DEFAULT_HOSTNAME,
  DEFAULT_PORT,
  type Handler,
  type Listening,
  type ListenOptions,
  limitInFlight,
} from "@matrix-rendezvous/http";

/**
 * In milliseconds. Who takes longer to send the head of a request, or all of it, is not waited for. A connection may be
 * idle for longer than reverse proxies keep one: they would send a request on it in the moment in which it is closed.
 */
const TIMEOUTS = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 65_000,
};

/** A `node:http` server that answers with `handler` and does not listen yet. */
export function createNodeServer(handler: Handler): Server {
  const answer = (request: Request, { incoming }: HttpBindings): Promise<Response> =>
    handler(request, { clientAddress: incoming.socket.remoteAddress });
  // This process's global Request and Response are not ours to replace.
  const listener = getRequestListener((request, env) => answer(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  return createServer(TIMEOUTS, listener);
}

/** Listens; rejects where it cannot (`EADDRINUSE`, `EACCES` and such as the error's `code`). */
export async function serve(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
  const { hostname = DEFAULT_HOSTNAME, port = DEFAULT_PORT, closeGraceMs = DEFAULT_CLOSE_GRACE_MS } = options;
  const server = createNodeServer(limitInFlight(handler, options));
  if (options.maxConnections !== undefined) server.maxConnections = options.maxConnections;
  server.on("drop", () => options.onDropped?.());
  server.listen({ port, host: hostname, reusePort: options.reusePort ?? false });
  await once(server, "listening");
  const close = async (): Promise<void> => {
    server.close();
    // Node lets a kept-alive connection idle on after its last answer, for seconds; there is no event for that moment.
    const closing = setInterval(() => server.closeIdleConnections(), 10);
    // From here on, Node itself times out nothing.
    const forcing = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    await once(server, "close");
    clearInterval(closing);
    clearTimeout(forcing);
  };
  return { hostname, port: (server.address() as AddressInfo).port, close };
}
