import parseForwarded from "forwarded-parse";
import { type Address, parseAddress } from "./address.ts";
import { remembered } from "./remembered.ts";

interface Network {
  readonly address: Address;
  readonly bits: number;
}

/** Tells the client's address, given a request's headers and the address at the other end of its connection. */
export type ClientAddress = (headers: Headers, peer: string | undefined) => string | undefined;

/**
 * Believes `X-Forwarded-For` and `Forwarded` as far as trusted proxies wrote them. Each proxy adds, on the right, the
 * address that it was connected from; so the client is the rightmost that is not a trusted proxy itself, and nothing to
 * the left of it means anything. Where a proxy maintains one of the headers and hands on what the client claims in the
 * other, the two disagree, and neither is believed.
 *
 * @param trusted networks such as `10.0.0.0/8` or single addresses
 * @param onUntrusted hears, once, the address of a peer that has one of the headers and is not trusted: most often a
 *   proxy whose clients all count as one
 * @throws TypeError where one of them is neither
 */
export function trustedProxies(trusted: readonly string[], onUntrusted?: (peer: string) => void): ClientAddress {
  let untold = onUntrusted;
  const networks = trusted.map(parseNetwork);
  const isTrusted = remembered((text) => {
    const address = parseAddress(text);
    return networks.some(
      (network) => address?.kind() === network.address.kind() && address.match(network.address, network.bits),
    );
  });
  const behind = (peer: string, chain: readonly string[]): string => {
    let client = peer;
    for (const hop of chain.toReversed()) {
      if (!isTrusted(client)) break;
      const address = hopAddress(hop);
      // What a proxy wrote and is no address ends what can be known: the sender is behind that proxy.
      if (address === undefined) break;
      client = address;
    }
    return client;
  };
  return (headers, peer) => {
    if (peer === undefined) return peer;
    if (!isTrusted(peer)) {
      if (untold !== undefined && (headers.has("X-Forwarded-For") || headers.has("Forwarded"))) {
        untold(peer);
        untold = undefined;
      }
      return peer;
    }
    const chains = [xForwardedFor(headers), forwarded(headers)].filter((chain) => chain !== undefined);
    const [client = peer, other = client] = chains.map((chain) => behind(peer, chain));
    return client === other ? client : peer;
  };
}

function parseNetwork(text: string): Network {
  const [, base = "", prefix] = /^([^/]*)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = parseAddress(base);
  const width = address?.kind() === "ipv4" ? 32 : 128;
  const bits = Number(prefix ?? width);
  if (address !== undefined && bits <= width) return { address, bits };
  throw new TypeError(`${JSON.stringify(text)} is neither an address nor a network`);
}

function xForwardedFor(headers: Headers): readonly string[] | undefined {
  return headers.get("X-Forwarded-For")?.split(",");
}

function forwarded(headers: Headers): readonly string[] | undefined {
  const header = headers.get("Forwarded");
  if (header === null) return undefined;
  try {
    return parseForwarded(header).map((hop) => hop["for"] ?? "");
  } catch {
    // As long as a chain whose last hop is unknown.
    return [""];
  }
}

/** The address of a hop, without port, brackets and zone; `undefined` where there is none. */
function hopAddress(hop: string): string | undefined {
  const text = hop.trim();
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+)(?::\d+)?$/.exec(text)?.[1] ?? text;
  return parseAddress(bare.replace(/%.*$/, ""))?.toString();
}
