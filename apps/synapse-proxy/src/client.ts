import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { trustedProxies } from "@matrix-rendezvous/http";

/** Whom a request is from, as Synapse is told with `X-Forwarded-…`. */
export interface Client {
  /** Without it, the connection is gone already. */
  readonly address: string | undefined;
  readonly proto: "http" | "https";
  /** The name that it asked for, with the port where it named one. */
  readonly host: string | undefined;
}

/** An address for documentation (RFC 5737), which no client has. */
const NOBODY = "192.0.2.0";

/**
 * Tells the client of each request: what a trusted proxy says of it, else what its connection says.
 *
 * @param trusted networks such as `10.0.0.0/8` or single addresses
 * @throws TypeError where one of them is neither
 */
export function clientTeller(trusted: readonly string[]): (request: IncomingMessage) => Client {
  const addressOf = trustedProxies(trusted);
  const isTrusted = (peer: string | undefined): boolean =>
    trusted.length > 0 && addressOf(new Headers({ "X-Forwarded-For": NOBODY }), peer) === NOBODY;
  return ({ headers, socket }) => {
    const peer = socket.remoteAddress?.replace(/^::ffff:(?=[\d.]+$)/, "");
    const { host } = headers;
    if (!isTrusted(peer)) return { address: peer, proto: "http", host };
    const proto = last(headers["x-forwarded-proto"])?.toLowerCase() === "https" ? "https" : "http";
    return { address: addressOf(claims(headers), peer), proto, host: last(headers["x-forwarded-host"]) ?? host };
  };
}

/** What the headers say of the address. */
function claims({ "x-forwarded-for": xForwardedFor, forwarded }: IncomingHttpHeaders): Headers {
  const headers = new Headers();
  if (xForwardedFor !== undefined) headers.set("X-Forwarded-For", String(xForwardedFor));
  if (forwarded !== undefined) headers.set("Forwarded", forwarded);
  return headers;
}

/** The last of the values in a list: what the proxy nearest to us said. */
function last(list: string | string[] | undefined): string | undefined {
  return list === undefined ? undefined : String(list).split(",").at(-1)?.trim();
}
