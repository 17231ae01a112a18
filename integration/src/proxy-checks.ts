import { type Group, type HttpCheck, httpChecks } from "@matrix-rendezvous/testkit/http";
import type { ProductName } from "./proxies.ts";

/** What a proxy hands on. What there is besides is about messages, which end at the proxy and begin anew. */
const GROUPS: readonly Group[] = [
  ...(["open", "discovery", "create", "read", "write", "cancel", "transactions", "races"] as const),
  ...(["payloads", "sizes", "json", "unsafe-fetch", "cors", "errors"] as const),
];

/** Enough to see that the stable mount leads here, too. */
const STABLE_GROUPS: readonly Group[] = ["discovery", "create", "read", "write", "cancel"];

interface Decision {
  readonly check: RegExp;
  readonly products: readonly ProductName[];
  readonly reason: string;
}

const ALL: readonly ProductName[] = ["nginx", "Caddy", "Apache", "HAProxy"];

/** Checks of what the proxy decides, and this server does not get to see. */
const DECIDED_BY_THE_PROXY: readonly Decision[] = [
  { check: /^errors: .*, which is no route, is/, products: ALL, reason: "those paths go to Synapse, or nowhere" },
  {
    check: /^payloads: whatever is asked for as a session/,
    products: ["nginx", "Apache"],
    reason: "they refuse %00 in a path by themselves",
  },
  { check: /^read: .* whatever range/, products: ["Apache"], reason: "it cuts ranges out of any answer by itself" },
];

/** The checks of the 2025 version that must hold through this proxy, as they do without. */
export function checksThrough(product: ProductName, baseUrl: string): (HttpCheck & { readonly title: string })[] {
  const target = { baseUrl, mode: "open", prefixes: ["unstable", "stable"] } as const;
  return httpChecks(target, { groups: GROUPS })
    .map((check) => ({ ...check, title: `${check.group}: ${check.name}` }))
    .filter(({ prefix, group }) => prefix === "unstable" || STABLE_GROUPS.includes(group))
    .filter(({ title }) => !DECIDED_BY_THE_PROXY.some((one) => one.products.includes(product) && one.check.test(title)))
    .map((check) => ({ ...check, title: `${check.prefix} ${check.title}` }));
}
