import ipaddr from "ipaddr.js";

/**
 * Who a session of an unauthenticated client counts against: its network. An IPv4 address is one network; IPv6
 * addresses are handed out by the /64, so that is what counts there.
 *
 * @param address as the socket gives it; what is no address counts as one network, shared by all of them
 */
export function clientNetwork(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return "network:unknown";
  // `process` also turns an IPv4 address that came through an IPv6 socket (::ffff:192.0.2.1) back into one.
  const parsed = ipaddr.process(address);
  if (parsed.kind() === "ipv4") return `network:${parsed.toString()}`;
  const network = ipaddr.IPv6.networkAddressFromCIDR(`${parsed.toString()}/64`);
  return `network:${network.toString()}/64`;
}
