import { DEFAULT_HOSTNAME, DEFAULT_PORT, type Mode } from "@matrix-rendezvous/http";
import * as v from "valibot";
import { duration, httpUrl, integer, networks, text, toggle } from "./values.ts";

/** One thing that can be configured. */
export interface Option<T> {
  readonly schema: v.GenericSchema<unknown, T>;
  /** What the schema lets pass, to complete the sentence "give …". */
  readonly allowed: string;
  /** The value where none is given, as one would write it; `undefined` where there is none. */
  readonly initial: string | number | boolean | undefined;
  /** What it is for, in a sentence without its full stop. */
  readonly purpose: string;
  /** The value can hold a password: it is not repeated in a message. */
  readonly secret?: boolean;
  /** Stands for the value in the help text; a switch has none. */
  readonly placeholder?: string;
}

const MODES = ["off", "authenticated", "open", "public"] as const satisfies readonly Mode[];
const LOG_LEVELS = ["error", "warn", "info", "debug"] as const;
const LOG_FORMATS = ["pretty", "json"] as const;

/** What was configured, complete and known to be right. Times are milliseconds. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly mode: Mode;
  readonly store: string;
  readonly "session-ttl": number;
  readonly "max-sessions": number;
  readonly "max-sessions-per-owner": number;
  readonly "stable-endpoint": boolean;
  readonly "base-path": string;
  readonly "public-url": string | undefined;
  readonly "no-msc4108": boolean;
  readonly homeserver: string | undefined;
  readonly "introspection-url": string | undefined;
  readonly "introspection-client-id": string | undefined;
  readonly "introspection-client-secret-file": string | undefined;
  readonly "token-cache": number;
  readonly "trust-proxy": readonly string[];
  readonly "when-full": "reject" | "evict-oldest";
  readonly "ops-port": number | undefined;
  readonly "log-level": (typeof LOG_LEVELS)[number];
  readonly "log-format": (typeof LOG_FORMATS)[number] | undefined;
}

export type OptionName = keyof Config;

/** Everything that can be configured, by its name: the flag without its dashes. */
export const OPTIONS: { readonly [Name in OptionName]: Option<Config[Name]> } = {
  host: {
    schema: text(/^[^\s/]+$/),
    allowed: "a host name or an address of this machine",
    initial: DEFAULT_HOSTNAME,
    purpose: "Where to listen; 0.0.0.0 and :: let other machines in",
    placeholder: "HOST",
  },
  port: {
    schema: integer(0, 65_535),
    allowed: "an integer from 0 to 65535, 0 for any free port",
    initial: DEFAULT_PORT,
    purpose: "The TCP port to listen on",
    placeholder: "PORT",
  },
  mode: {
    schema: v.picklist(MODES),
    allowed: "off, authenticated or open",
    initial: undefined,
    purpose: "Who may create sessions: off, authenticated (who has an access token) or open (everybody)",
    placeholder: "MODE",
  },
  store: {
    schema: text(
      /^(memory:|deno-kv:.*|(sqlite|unix):.+|(redis|rediss|redis\+cluster|rediss\+cluster|postgres|postgresql):\/\/.+)$/,
    ),
    allowed: "memory:, sqlite:PATH, redis://…, redis+cluster://…, unix:PATH (Redis), postgres://… or deno-kv:PATH",
    initial: "sqlite:./data/rendezvous.db",
    purpose:
      "Where sessions are kept: memory:, sqlite:PATH, redis://…, redis+cluster://…, unix:PATH, postgres://…, deno-kv:PATH",
    placeholder: "URL",
    secret: true,
  },
  "session-ttl": {
    schema: duration(1_000, 86_400_000),
    allowed: "a duration from 1s to 24h, such as 300s or 5m; a number is milliseconds",
    initial: "300s",
    purpose: "How long a session lives",
    placeholder: "DURATION",
  },
  "max-sessions": {
    schema: integer(1, 1_000_000_000),
    allowed: "an integer from 1 to 1000000000",
    initial: 10_000,
    purpose: "Most live sessions at a time",
    placeholder: "COUNT",
  },
  "max-sessions-per-owner": {
    schema: integer(1, 1_000_000_000),
    allowed: "an integer from 1 to 1000000000",
    initial: 20,
    purpose: "Most live sessions of one user, or of one client network where there is no user",
    placeholder: "COUNT",
  },
  "stable-endpoint": {
    schema: toggle,
    allowed: "true or false; the flag alone means true",
    initial: false,
    purpose: "Serve /_matrix/client/v1/rendezvous too, before MSC4388 is accepted",
  },
  "base-path": {
    schema: text(/^(\/[^/?#\s]+)*$/),
    allowed: "a path such as /matrix, with a slash in front and none at the end",
    initial: "",
    purpose: "Where the API is mounted, behind a reverse proxy that keeps a prefix",
    placeholder: "PATH",
  },
  "public-url": {
    schema: v.optional(httpUrl),
    allowed: "an http or https URL such as https://rendezvous.example.org, with no query",
    initial: undefined,
    purpose:
      "Where clients reach this server: the base of the session URLs of the 2024 version (default: where it listens)",
    placeholder: "URL",
  },
  "no-msc4108": {
    schema: toggle,
    allowed: "true or false; the flag alone means true",
    initial: false,
    purpose: "Do not serve the 2024 version, which released clients speak and which has no access tokens",
  },
  homeserver: {
    schema: v.optional(httpUrl),
    allowed: "the homeserver's base URL, such as https://matrix.example.org",
    initial: undefined,
    purpose: "Checks access tokens with this homeserver; --mode is then authenticated unless it says otherwise",
    placeholder: "URL",
  },
  "introspection-url": {
    schema: v.optional(httpUrl),
    allowed: "the URL of an OAuth 2.0 introspection endpoint",
    initial: undefined,
    purpose: "Checks access tokens with the authorization server (RFC 7662) instead of the homeserver",
    placeholder: "URL",
  },
  "introspection-client-id": {
    schema: v.optional(text(/^\S+$/)),
    allowed: "the ID of a client that may introspect",
    initial: undefined,
    purpose: "As whom to ask the authorization server",
    placeholder: "ID",
  },
  "introspection-client-secret-file": {
    schema: v.optional(text(/./)),
    allowed: "the path of a file that holds the client's secret and nothing else",
    initial: undefined,
    purpose: "The file with that client's secret",
    placeholder: "FILE",
  },
  "token-cache": {
    schema: duration(0, 600_000),
    allowed: "a duration from 0 to 10m, such as 30s; a number is milliseconds",
    initial: "30s",
    purpose: "How long a valid access token is taken for valid without asking again",
    placeholder: "DURATION",
  },
  "trust-proxy": {
    schema: networks,
    allowed: "addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8",
    initial: "",
    purpose: "Reverse proxies that may say, in X-Forwarded-For or Forwarded, for which client they speak",
    placeholder: "CIDR,…",
  },
  "when-full": {
    schema: v.picklist(["reject", "evict-oldest"]),
    allowed: "reject or evict-oldest",
    initial: "reject",
    purpose: "What happens to a new session when a cap is reached; evict-oldest ends somebody's sign-in to make room",
    placeholder: "WHAT",
  },
  "ops-port": {
    schema: v.optional(integer(0, 65_535)),
    allowed: "an integer from 0 to 65535, 0 for any free port",
    initial: undefined,
    purpose: "Serve /health/live, /health/ready and /metrics on this port (default: nowhere)",
    placeholder: "PORT",
  },
  "log-level": {
    schema: v.picklist(LOG_LEVELS),
    allowed: "error, warn, info or debug",
    initial: "info",
    purpose: "The least that is logged: error, warn, info, or debug for a line a request",
    placeholder: "LEVEL",
  },
  "log-format": {
    schema: v.optional(v.picklist(LOG_FORMATS)),
    allowed: "pretty or json",
    initial: undefined,
    purpose: "How it is logged: pretty for people, json for programs (default: pretty on a terminal, else json)",
    placeholder: "FORMAT",
  },
};

export const OPTION_NAMES: readonly OptionName[] = Object.keys(OPTIONS) as OptionName[];
