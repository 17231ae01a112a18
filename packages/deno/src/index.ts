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
  type RequestContext,
} from "@matrix-rendezvous/http";

/** What is used of Deno, so that no other runtime's types are replaced by Deno's. */
interface DenoServer {
  readonly addr: { readonly port: number };
  /** Rejects where no further connection can be accepted: most often because the process has no file descriptor left. */
  readonly finished: Promise<void>;
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

/** Deno puts an address together each time that it is asked: it is for who needs it. */
class Context implements RequestContext {
  readonly #info: ServeInfo;

  constructor(info: ServeInfo) {
    this.#info = info;
  }

  get clientAddress(): string {
    return this.#info.remoteAddr.hostname;
  }
}

declare const Deno: {
  serve(options: ServeOptions, handler: (request: Request, info: ServeInfo) => Promise<Response>): DenoServer;
};

/** How long nobody is let in once a listener has failed, in milliseconds: until descriptors are free again. */
const REST_MS = 100;

/** Listens; rejects where it cannot (`EADDRINUSE`, `EACCES` and such as the error's `code`). */
export async function serve(handler: Handler, options: ListenOptions = {}): Promise<Listening> {
  const { hostname = DEFAULT_HOSTNAME, port = DEFAULT_PORT, closeGraceMs = DEFAULT_CLOSE_GRACE_MS } = options;
  if (options.maxConnections !== undefined)
    throw new TypeError("Deno cannot cap connections: leave the cap out, or run on Node");
  const answer = limitInFlight(handler, options);
  const reusePort = options.reusePort ?? false;
  const listen = (port: number): DenoServer =>
    // Deno prints a line of its own unless it is given something else to do.
    Deno.serve({ hostname, port, reusePort, onListen: () => {} }, (request, info) =>
      answer(request, new Context(info)),
    );
  const closing = new AbortController();
  const server = listen(port);
  const listener = keepListening(server, () => listen(server.addr.port), closing.signal);
  const close = async (): Promise<void> => {
    closing.abort();
    // Deno has no way to hang up once it is closing: what is still open then ends with the process.
    const { promise: grace, resolve: enough } = Promise.withResolvers<void>();
    const timer = setTimeout(enough, closeGraceMs);
    await Promise.race([listener.shutdown(), grace]);
    clearTimeout(timer);
  };
  return { hostname, port: server.addr.port, close };
}

/**
 * Takes another server whenever one has failed: Deno's ends for good when it cannot accept a connection, and the process
 * with it. What is under way on the failed one is answered; whoever idles on it is hung up on, which frees descriptors.
 */
function keepListening(
  first: DenoServer,
  listen: () => DenoServer,
  closing: AbortSignal,
): { shutdown(): Promise<unknown> } {
  let server = first;
  const ending = new Set<Promise<void>>();
  const end = (failed: DenoServer): Promise<void> => {
    const ended = failed.shutdown().finally(() => ending.delete(ended));
    ending.add(ended);
    return ended;
  };
  const replace = (): void => {
    if (closing.aborted) return;
    try {
      server = listen();
      watch();
    } catch {
      // Not one descriptor is free, not even for a listener.
      setTimeout(replace, REST_MS);
    }
  };
  const watch = (): void => {
    const watched = server;
    watched.finished.catch(() => {
      void end(watched);
      setTimeout(replace, REST_MS);
    });
  };
  watch();
  return { shutdown: () => Promise.all([end(server), ...ending]) };
}
