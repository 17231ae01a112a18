/**
 * Serves the rendezvous handler on Deno. Deno 2.9.0 to 2.9.6 break off, when the server closes, the request bodies that
 * are still coming in (denoland/deno#36809); 2.8.3 does not.
 *
 * @module
 */
import {
  DEFAULT_HOSTNAME,
  DEFAULT_PORT,
  type Handler,
  type Listening,
  type ListenOptions,
  limitInFlight,
} from "@matrix-rendezvous/http";

/** What is used of Deno, so that no other runtime's types are replaced by Deno's. */
interface DenoServer {
  readonly addr: { readonly port: number };
  shutdown(): Promise<void>;
}

interface ServeOptions {
  hostname: string;
  port: number;
  onListen(): void;
}

interface ServeInfo {
  readonly remoteAddr: { readonly hostname: string };
}

declare const Deno: {
  serve(options: ServeOptions, handler: (request: Request, info: ServeInfo) => Promise<Response>): DenoServer;
};

/** Listens; rejects where it cannot (`EADDRINUSE`, `EACCES` and such as the error's `code`). */
export async function serve(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
  const { hostname = DEFAULT_HOSTNAME, port = DEFAULT_PORT, maxConnections, maxInFlight } = options;
  if (maxConnections !== undefined)
    throw new TypeError("Deno cannot cap connections: leave the cap out, or run on Node");
  const answer = limitInFlight(handler, maxInFlight);
  // Deno prints a line of its own unless it is given something else to do.
  const server = Deno.serve({ hostname, port, onListen: () => {} }, (request, info) =>
    answer(request, { clientAddress: info.remoteAddr.hostname }),
  );
  return { hostname, port: server.addr.port, close: () => server.shutdown() };
}
