import ipaddr from "ipaddr.js";
import { parseAddress } from "./address.ts";

/**
 * Who a session of an unauthenticated client counts against: its network. An IPv4 address is one network; IPv6
 * addresses are handed out by the /64, so that is what counts there.
 *
 * @param clientAddress what is no address counts as one network, shared by all of them
 */
export function clientNetwork(clientAddress: string | undefined): string {
  const address = parseAddress(clientAddress ?? "");
  if (address === undefined) return "network:unknown";
  if (address.kind() === "ipv4") return `network:${address.toString()}`;
  return `network:${ipaddr.IPv6.networkAddressFromCIDR(`${address.toString()}/64`).toString()}/64`;
}
