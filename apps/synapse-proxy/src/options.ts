import { type Config, duration, httpUrl, OPTIONS, type OptionsOf } from "@matrix-rendezvous/program";

/** What was configured, complete and known to be right. Times are milliseconds. */
export interface ProxyConfig extends Config {
  readonly homeserver: string;
  readonly "upstream-timeout": number;
}

/** Everything that can be configured, by its name: the flag without its dashes. */
export const PROXY_OPTIONS: OptionsOf<ProxyConfig> = {
  ...OPTIONS,
  mode: { ...OPTIONS.mode, initial: "authenticated" },
  homeserver: {
    schema: httpUrl,
    allowed: "the base URL of a Synapse, such as http://localhost:8008",
    initial: undefined,
    purpose: "The Synapse that everything else goes to, and that checks access tokens",
    pitfall: "Unreachable, and everything but the rendezvous paths is answered 502.",
    placeholder: "URL",
  },
  "upstream-timeout": {
    schema: duration(1, 86_400_000),
    allowed: "a duration up to 24h, such as 10m; a number is milliseconds",
    initial: "10m",
    purpose: "How long Synapse may be silent",
    pitfall: "Shorter than the longest /sync that clients ask for, and their waiting is answered 504.",
    placeholder: "DURATION",
  },
};
