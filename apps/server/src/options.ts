import { type Config, OPTIONS, type OptionsOf, text, toggle } from "@matrix-rendezvous/program";

/** What was configured, complete and known to be right. Times are milliseconds. */
export interface ServerConfig extends Config {
  readonly "base-path": string;
  readonly playground: boolean;
  readonly "reuse-port": boolean;
}

/** Everything that can be configured, by its name: the flag without its dashes. */
export const SERVER_OPTIONS: OptionsOf<ServerConfig> = {
  ...OPTIONS,
  "base-path": {
    schema: text(/^(\/[^/?#\s]+)*$/),
    allowed: "a path such as /matrix, with a slash in front and none at the end",
    initial: "",
    purpose: "Where the API is mounted, behind a reverse proxy that keeps a prefix",
    pitfall: "Wrong, and clients get 404; the path is for proxies that keep the prefix when they pass requests on.",
    placeholder: "PATH",
  },
  playground: {
    schema: toggle,
    allowed: "true or false; the flag alone means true",
    initial: false,
    purpose: "Serve the playground at /playground/: a page on which two devices sign each other in",
    pitfall: "For talks and for trying things out: a production server has no use for it.",
  },
  "reuse-port": {
    schema: toggle,
    allowed: "true or false; the flag alone means true",
    initial: false,
    purpose: "Share the port with other processes that say so too, on one shared store: one process a core (Linux)",
    pitfall:
      "On another store than the others, and clients lose their sessions from one request to the next; on Deno it needs `deno run --unstable-net`; metrics are each process's own, so give each another --ops-port.",
    clash: ({ store }) =>
      store === "memory:" ? "each process would have a memory of its own: give a --store that they share" : undefined,
  },
};
