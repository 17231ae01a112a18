/**
 * Serves the rendezvous handler on Deno. Deno 2.9.0 to 2.9.6 break off, when the server closes, the request bodies that
 * are still coming in (denoland/deno#36809); 2.8.3 does not.
 *
 * @module
 */
import {
  DEFAULT_CLOSE_GRACE_MS,
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
  reusePort: boolean;
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
  const { hostname = DEFAULT_HOSTNAME, port = DEFAULT_PORT, closeGraceMs = DEFAULT_CLOSE_GRACE_MS } = options;
  if (options.maxConnections !== undefined)
    throw new TypeError("Deno cannot cap connections: leave the cap out, or run on Node");
  const answer = limitInFlight(handler, options.maxInFlight);
  // Deno prints a line of its own unless it is given something else to do.
  const bound = { hostname, port, reusePort: options.reusePort ?? false, onListen: () => {} };
  const server = Deno.serve(bound, (request, info) => answer(request, { clientAddress: info.remoteAddr.hostname }));
  const close = async (): Promise<void> => {
    // Deno has no way to hang up once it is closing: what is still open then ends with the process.
    const { promise: grace, resolve: enough } = Promise.withResolvers<void>();
    const timer = setTimeout(enough, closeGraceMs);
    await Promise.race([server.shutdown(), grace]);
    clearTimeout(timer);
  };
  return { hostname, port: server.addr.port, close };
}
