import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { limitInFlight } from "@matrix-rendezvous/http";
import { boundsOf, createApplication, type Ending, type Front, type Parts, urlOf } from "@matrix-rendezvous/program";
import { AwayReport } from "./away.ts";
import { clientTeller } from "./client.ts";
import { createListener } from "./listener.ts";
import type { ProxyConfig } from "./options.ts";
import { createUpstream } from "./upstream.ts";

/**
 * In milliseconds. Who takes longer to send the head of a request is not waited for; an upload takes as long as it takes.
 * A connection may be idle for longer than reverse proxies keep one.
 */
const TIMEOUTS = {
  headersTimeout: 15_000,
  requestTimeout: 0,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 75_000,
};

/** How long a connection may have no request under way once it is to close, in milliseconds: one may be arriving. */
const UNASKED_GRACE_MS = 1_000;

/** Answers the rendezvous paths, and lets everything else through to the homeserver. */
export async function listen(parts: Parts<ProxyConfig>, { draining, shutdown }: Ending): Promise<Front> {
  const { config, logger } = parts;
  const { maxConnections, onDropped, ...bounds } = boundsOf(parts);
  if (maxConnections !== undefined && ("Bun" in globalThis || "Deno" in globalThis))
    throw new TypeError("Bun and Deno cannot cap connections: leave the cap out, or run on Node");
  const server = createServer(TIMEOUTS);
  if (maxConnections !== undefined) server.maxConnections = maxConnections;
  server.on("drop", () => onDropped?.());
  // As long as an upload moves, that is. Where the homeserver is what does not move, it is found first.
  server.setTimeout(2 * config["upstream-timeout"]);
  const underWay = requestsUnderWay(server);
  server.listen(config.port, config.host);
  await once(server, "listening");
  // The port may be the system's choice, and session URLs name it.
  const url = urlOf(config.host, (server.address() as AddressInfo).port);
  const upstream = createUpstream(config.homeserver, config["upstream-timeout"]);
  const { app, handler } = createApplication(parts, { url, shutdown });
  const listener = createListener({
    isRendezvous: (method, path) => app.router.match(method, path)[0].length > 0,
    answer: limitInFlight(handler, bounds),
    upstream,
    tellClient: clientTeller(config["trust-proxy"]),
    advertised: config.mode !== "off",
    report: new AwayReport(logger),
  });
  server.on("request", listener);
  // Whether an upload may begin is for whoever takes it to say.
  server.on("checkContinue", listener);
  // Whoever keeps a connection would go on sending here: the next one that is opened may lead elsewhere.
  draining.addEventListener("abort", () => server.prependListener("request", endConnection));
  return {
    url,
    notes: [`All but the rendezvous paths goes to ${config.homeserver}`],
    async close() {
      await closed(server, underWay);
      upstream.close();
    },
  };
}

function endConnection(_: IncomingMessage, response: ServerResponse): void {
  response.shouldKeepAlive = false;
}

async function closed(server: Server, underWay: ReadonlyMap<Socket, number>): Promise<void> {
  server.close();
  // A kept-alive connection idles on after its last answer; there is no event for that moment.
  const closing = setInterval(() => server.closeIdleConnections(), 10);
  // Node takes one for busy that has not asked for anything yet, or only begun to, and times out nothing any more.
  const forcing = setInterval(() => {
    for (const [socket, requests] of underWay) if (requests === 0) socket.destroy();
  }, UNASKED_GRACE_MS);
  await once(server, "close");
  clearInterval(closing);
  clearInterval(forcing);
}

/** How many requests are under way on each connection. */
function requestsUnderWay(server: Server): ReadonlyMap<Socket, number> {
  const underWay = new Map<Socket, number>();
  const count = (socket: Socket, more: number): void => {
    const requests = underWay.get(socket);
    if (requests !== undefined) underWay.set(socket, requests + more);
  };
  server.on("connection", (socket: Socket) => {
    underWay.set(socket, 0);
    socket.once("close", () => underWay.delete(socket));
  });
  for (const event of ["request", "checkContinue"]) {
    server.on(event, ({ socket }: IncomingMessage, response: ServerResponse) => {
      count(socket, 1);
      response.once("close", () => count(socket, -1));
    });
  }
  return underWay;
}
