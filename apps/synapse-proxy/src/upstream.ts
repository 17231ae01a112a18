import * as http from "node:http";
import * as https from "node:https";
import { isIP } from "node:net";

/** Longest wait for a connection, in milliseconds. */
const CONNECT_MS = 5_000;

/** How long a connection is kept for the next request, in milliseconds: well under the 60 s after which Synapse hangs up. */
const KEPT_MS = 10_000;

/** The homeserver did not connect, or fell silent. */
export class UpstreamTimeoutError extends Error {}

/** Where everything goes that is not answered here. */
export interface Upstream {
  /** Its host and port, as in a `Host` header. */
  readonly host: string;
  /**
   * Begins a request on a kept connection, or a new one. Fails with {@link UpstreamTimeoutError} where nothing moves in
   * either direction for too long.
   *
   * @param fields names and values in turn, as they are to be on the wire
   * @throws TypeError where they, or the target, cannot be
   */
  request(method: string, target: string, fields: readonly string[]): http.ClientRequest;
  close(): void;
}

/**
 * @param homeserver its base URL
 * @param patienceMs how long it may be silent, in milliseconds
 */
export function createUpstream(homeserver: string, patienceMs: number): Upstream {
  const url = new URL(homeserver);
  const { Agent, request } = url.protocol === "https:" ? https : http;
  const agent = new Agent({ keepAlive: true, timeout: Math.min(KEPT_MS, patienceMs) });
  const connectMs = Math.min(CONNECT_MS, patienceMs);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  // The name in the certificate is the upstream's; the `Host` that it is asked for is the client's. An address is no name.
  const where = { agent, host, port: url.port, servername: isIP(host) ? "" : host, timeout: patienceMs };
  const prefix = url.pathname.replace(/\/$/, "");
  return {
    host: url.host,
    request(method, target, fields) {
      const asked = request({ ...where, method, path: prefix + target, headers: fields });
      asked.on("timeout", () => asked.destroy(new UpstreamTimeoutError(`silent for ${patienceMs} ms`)));
      boundConnecting(asked, connectMs);
      return asked;
    },
    close: () => agent.destroy(),
  };
}

function boundConnecting(asked: http.ClientRequest, limitMs: number): void {
  asked.once("socket", (socket) => {
    if (!socket.connecting) return;
    const failure = new UpstreamTimeoutError(`no connection within ${limitMs} ms`);
    const timer = setTimeout(() => asked.destroy(failure), limitMs);
    socket.once("connect", () => clearTimeout(timer));
    asked.once("close", () => clearTimeout(timer));
  });
}
