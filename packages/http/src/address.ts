import ipaddr from "ipaddr.js";

export type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * An IP address in its usual spelling; an IPv4 address that came through an IPv6 socket (`::ffff:192.0.2.1`) is one of
 * IPv4 again. The spellings of old, such as `1.2.3` or `0x7f.1`, are not taken for addresses: programs read them
 * differently.
 */
export function parseAddress(text: string): Address | undefined {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text) ? ipaddr.process(text) : undefined;
}
