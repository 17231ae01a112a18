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
  DEFAULT_HOSTNAME,
  DEFAULT_PORT,
  type Handler,
  type Listening,
  type ListenOptions,
} from "@matrix-rendezvous/http";

/** A `node:http` server that answers with `handler` and does not listen yet. */
export function createNodeServer(handler: Handler): Server {
  const answer = (request: Request, { incoming }: HttpBindings): Promise<Response> =>
    handler(request, { clientAddress: incoming.socket.remoteAddress });
  // This process's global Request and Response are not ours to replace.
  const listener = getRequestListener((request, env) => answer(request, env as HttpBindings), {
    overrideGlobalObjects: false,
  });
  return createServer(listener);
}

/** Listens; rejects where it cannot (`EADDRINUSE`, `EACCES` and such as the error's `code`). */
export async function serve(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
  const { hostname = DEFAULT_HOSTNAME, port = DEFAULT_PORT } = options;
  const server = createNodeServer(handler);
  server.listen(port, hostname);
  await once(server, "listening");
  const close = async (): Promise<void> => {
    // A kept-alive connection goes as soon as its answer is out: it would hold up the end for as long as it may idle.
    server.on("request", (_, response) => response.once("close", () => server.closeIdleConnections()));
    server.close();
    await once(server, "close");
  };
  return { hostname, port: (server.address() as AddressInfo).port, close };
}
