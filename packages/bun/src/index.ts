/**
 * Serves the rendezvous handler on Bun.
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
  type RequestContext,
} from "@matrix-rendezvous/http";

/** What is used of Bun, so that no other runtime's types are replaced by Bun's. */
interface BunServer {
  readonly port: number;
  requestIP(request: Request): { readonly address: string } | null;
  stop(closeActiveConnections?: boolean): Promise<void>;
}

interface ServeOptions {
  hostname: string;
  port: number;
  development: boolean;
  reusePort: boolean;
  maxRequestBodySize: number;
  idleTimeout: number;
  fetch(request: Request, server: BunServer): Promise<Response>;
}

declare const Bun: { serve(options: ServeOptions): BunServer };

/** Asking for the address is a call to the system, at each request: it is for who needs it. */
class Context implements RequestContext {
  readonly #request: Request;
  readonly #server: BunServer;

  constructor(request: Request, server: BunServer) {
    this.#request = request;
    this.#server = server;
  }

  get clientAddress(): string | undefined {
    return this.#server.requestIP(this.#request)?.address;
  }
}

/** In seconds: longer than a read may be held, and than reverse proxies keep a connection that is idle. */
const IDLE_TIMEOUT_S = 65;

/** Listens; rejects where it cannot (`EADDRINUSE`, `EACCES` and such as the error's `code`). */
export async function serve(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
  const { hostname = DEFAULT_HOSTNAME, port = DEFAULT_PORT, closeGraceMs = DEFAULT_CLOSE_GRACE_MS } = options;
  if (options.maxConnections !== undefined)
    throw new TypeError("Bun cannot cap connections: leave the cap out, or run on Node");
  const answer = limitInFlight(handler, options);
  const server = Bun.serve({
    hostname,
    port,
    // Bun's error pages show source code.
    development: false,
    // Outside of development Bun shares a port by default: a second server would take half of the first one's requests.
    reusePort: options.reusePort ?? false,
    idleTimeout: IDLE_TIMEOUT_S,
    // The handler bounds what it reads, and Bun holds back what is not read. Its own refusal has no CORS and no errcode.
    maxRequestBodySize: Number.MAX_SAFE_INTEGER,
    fetch: (request, server) => answer(request, new Context(request, server)),
  });
  const close = async (): Promise<void> => {
    const forcing = setTimeout(() => server.stop(true), closeGraceMs);
    await server.stop();
    clearTimeout(forcing);
  };
  return { hostname, port: server.port, close };
}
