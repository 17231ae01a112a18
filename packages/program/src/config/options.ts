import { DEFAULT_HOSTNAME, DEFAULT_PORT, type Mode } from "@matrix-rendezvous/http";
import * as v from "valibot";
import type { OptionsOf } from "./option.ts";
import { duration, httpUrl, integer, networks, type Rate, rate, text, toggle } from "./values.ts";

const MODES = ["off", "authenticated", "open", "public"] as const satisfies readonly Mode[];
const LOG_LEVELS = ["error", "warn", "info", "debug"] as const satisfies readonly Config["log-level"][];
const LOG_FORMATS = ["pretty", "json"] as const satisfies readonly Config["log-format"][];

/** What was configured, complete and known to be right. Times are milliseconds. */
export interface Config {
  /** Where to listen, a host name or an address. */
  readonly host: string;
  /** The TCP port, 0 for any that is free. */
  readonly port: number;
  /** Who may create sessions of the 2025 version. */
  readonly mode: Mode;
  /** The URL of the store, which can have a password in it: see `masked`. */
  readonly store: string;
  /** How long a session lives, in milliseconds. */
  readonly "session-ttl": number;
  /** Most live sessions. */
  readonly "max-sessions": number;
  /** Most live sessions of one user or client network. */
  readonly "max-sessions-per-owner": number;
  /** Whether the stable routes are served, too. */
  readonly "stable-endpoint": boolean;
  /** The base of session URLs of the 2024 version, where it is not where the program listens. */
  readonly "public-url": string | undefined;
  /** Whether the 2024 version is left out. */
  readonly "no-msc4108": boolean;
  /** The homeserver that checks access tokens. */
  readonly homeserver: string | undefined;
  /** The authorization server that checks access tokens instead. */
  readonly "introspection-url": string | undefined;
  /** As whom it is asked. */
  readonly "introspection-client-id": string | undefined;
  /** The file with the secret of that client. */
  readonly "introspection-client-secret-file": string | undefined;
  /** How long a valid access token is taken for valid without asking again, in milliseconds. */
  readonly "token-cache": number;
  /** Reverse proxies that may say which client they speak for, by address or network. */
  readonly "trust-proxy": readonly string[];
  /** What happens to a creation when a cap is reached. */
  readonly "when-full": "reject" | "evict-oldest";
  /** How fast one owner may create sessions. */
  readonly "rate-create": Rate | "off";
  /** How fast one client network may read. */
  readonly "rate-read": Rate | "off";
  /** How fast one client network may write and cancel. */
  readonly "rate-write": Rate | "off";
  /** Most connections at a time, 0 for as many as the system allows. */
  readonly "max-connections": number;
  /** Most requests to the rendezvous API at a time. */
  readonly "max-in-flight": number;
  /** The port of health and metrics; `undefined` for nowhere. */
  readonly "ops-port": number | undefined;
  /** How long to go on serving after SIGTERM, in milliseconds. */
  readonly "shutdown-delay": number;
  /** The least that is logged. */
  readonly "log-level": "error" | "warn" | "info" | "debug";
  /** `undefined`: for people on a terminal, else for programs. */
  readonly "log-format": "pretty" | "json" | undefined;
}

const RATE_ALLOWED =
  "PER_SECOND:BURST such as 0.5:10, from 0.001 and from 1 to 1000000, or off; in the file also {per_second: 0.5, burst_count: 10}";

/** What can be configured of every program that answers rendezvous requests. */
export const OPTIONS: OptionsOf<Config> = {
  host: {
    schema: text(/^[^\s/]+$/),
    allowed: "a host name or an address of this machine",
    initial: DEFAULT_HOSTNAME,
    purpose: "Where to listen; 0.0.0.0 and :: let other machines in",
    pitfall:
      "An address that others can reach lets them talk to it in plain HTTP: put a reverse proxy with TLS in front.",
    placeholder: "HOST",
  },
  port: {
    schema: integer(0, 65_535),
    allowed: "an integer from 0 to 65535, 0 for any free port",
    initial: DEFAULT_PORT,
    purpose: "The TCP port to listen on",
    pitfall: "One that is taken, or below 1024 without the right to it, and the server does not start.",
    placeholder: "PORT",
  },
  mode: {
    schema: v.picklist(MODES),
    allowed: "off, authenticated or open",
    initial: undefined,
    otherwise: "`authenticated` where `homeserver` or `introspection-url` is given; else it must be given",
    purpose:
      "Who may create sessions: off, authenticated (who has an access token) or open (everybody; Synapse's word public means the same)",
    pitfall:
      "`open` on the public internet lets anybody create sessions, as far as the caps allow; with `off`, clients do not offer to sign in by QR code.",
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
    pitfall:
      "`memory:` forgets every session when the process ends; a file on a network file system can be corrupted; two servers on different stores do not find each other's sessions. A password is not taken from the flag, which every user of the machine can read.",
    placeholder: "URL",
    secret: true,
  },
  "session-ttl": {
    schema: duration(1_000, 86_400_000),
    allowed: "a duration from 1s to 24h, such as 300s or 5m; a number is milliseconds",
    initial: "300s",
    purpose: "How long a session lives",
    pitfall:
      "Shorter than 120 s ends sign-ins while people still type; longer than 300 s keeps payloads for no use, and places with them.",
    placeholder: "DURATION",
  },
  "max-sessions": {
    schema: integer(1, 1_000_000_000),
    allowed: "an integer from 1 to 1000000000",
    initial: 10_000,
    purpose: "Most live sessions at a time",
    pitfall: "Too low turns sign-ins away when many come at once; each session takes up to some 7 kB of the store.",
    placeholder: "COUNT",
  },
  "max-sessions-per-owner": {
    schema: integer(1, 1_000_000_000),
    allowed: "an integer from 1 to 1000000000",
    initial: 20,
    purpose: "Most live sessions of one user, or of one client network where there is no user",
    pitfall:
      "Too low hurts people who share an address (an office, a mobile network); too high lets one client take all places.",
    placeholder: "COUNT",
  },
  "stable-endpoint": {
    schema: toggle,
    allowed: "true or false; the flag alone means true",
    initial: false,
    purpose: "Serve /_matrix/client/v1/rendezvous too, before MSC4388 is accepted",
    pitfall: "Clients may take it for a promise that MSC4388 is part of the specification.",
  },
  "public-url": {
    schema: v.optional(httpUrl),
    allowed: "an http or https URL such as https://rendezvous.example.org, with neither query nor password",
    initial: undefined,
    otherwise: "where it listens",
    purpose:
      "Where clients reach this server: the base of the session URLs of the 2024 version (default: where it listens)",
    pitfall: "Wrong, and the second device cannot find the session: the URL goes into the QR code as it is.",
    placeholder: "URL",
  },
  "no-msc4108": {
    schema: toggle,
    allowed: "true or false; the flag alone means true",
    initial: false,
    purpose: "Do not serve the 2024 version, which released clients speak and which has no access tokens",
    pitfall: "Released clients then do not offer to sign in by QR code here.",
  },
  homeserver: {
    schema: v.optional(httpUrl),
    allowed: "the homeserver's base URL, such as https://matrix.example.org, with neither query nor password",
    initial: undefined,
    purpose: "Checks access tokens with this homeserver; --mode is then authenticated unless it says otherwise",
    pitfall: "Unreachable, and nobody can create a session: access tokens that cannot be checked are refused with 503.",
    placeholder: "URL",
  },
  "introspection-url": {
    schema: v.optional(httpUrl),
    allowed: "the URL of an OAuth 2.0 introspection endpoint, with neither query nor password",
    initial: undefined,
    purpose:
      "Checks access tokens with the authorization server (RFC 7662) instead of the homeserver; --mode is then authenticated unless it says otherwise",
    pitfall: "As for `homeserver`; it needs the client ID and the file with its secret, too.",
    placeholder: "URL",
  },
  "introspection-client-id": {
    schema: v.optional(text(/^\S+$/)),
    allowed: "the ID of a client that may introspect",
    initial: undefined,
    purpose: "As whom to ask the authorization server",
    pitfall: "A client that may not introspect, and every access token is answered 503.",
    placeholder: "ID",
  },
  "introspection-client-secret-file": {
    schema: v.optional(text(/./)),
    allowed: "the path of a file that holds the client's secret and nothing else",
    initial: undefined,
    purpose: "The file with that client's secret",
    pitfall: "Readable by others, and they can ask about tokens in your name.",
    placeholder: "FILE",
  },
  "token-cache": {
    schema: duration(0, 600_000),
    allowed: "a duration from 0 to 10m, such as 30s; a number is milliseconds",
    initial: "30s",
    purpose: "How long a valid access token is taken for valid without asking again",
    pitfall:
      "Long, and a token that was logged out works for as long; 0, and every creation asks the homeserver. A token that was refused is remembered for a second.",
    placeholder: "DURATION",
  },
  "trust-proxy": {
    schema: networks,
    allowed: "addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8",
    initial: "",
    purpose: "Reverse proxies that may say, in X-Forwarded-For or Forwarded, for which client they speak",
    pitfall:
      "Too wide, and clients can choose whom their sessions count against; missing, and all clients behind the proxy count as one.",
    placeholder: "CIDR,…",
  },
  "when-full": {
    schema: v.picklist(["reject", "evict-oldest"]),
    allowed: "reject or evict-oldest",
    initial: "reject",
    purpose: "What happens to a new session when a cap is reached; evict-oldest ends somebody's sign-in to make room",
    pitfall: "`evict-oldest` lets whoever floods the server end other people's sign-ins.",
    placeholder: "WHAT",
  },
  "rate-create": {
    schema: rate,
    allowed: RATE_ALLOWED,
    initial: "1:20",
    purpose: "How many sessions one user or client network may create: so many a second, so many at once",
    pitfall: "Too low, and people who share an address cannot sign in at the same time; off leaves only the caps.",
    placeholder: "RATE",
  },
  "rate-read": {
    schema: rate,
    allowed: RATE_ALLOWED,
    initial: "200:1000",
    purpose: "How often one client network may read",
    pitfall:
      "Each device that waits reads once a second, and some clients take a 429 for a reason to ask again at once: leave room for every device behind one address.",
    placeholder: "RATE",
  },
  "rate-write": {
    schema: rate,
    allowed: RATE_ALLOWED,
    initial: "100:500",
    purpose: "How often one client network may write and cancel, or have an access token checked",
    pitfall: "Too low, and sign-ins fail half-way: some clients do not repeat a write that was refused.",
    placeholder: "RATE",
  },
  "max-connections": {
    schema: integer(0, 1_000_000),
    allowed: "an integer from 0 to 1000000, 0 for as many as the system allows; on Bun and Deno, 0",
    initial: 0,
    purpose: "Most connections at a time, on Node alone; further ones are closed at once",
    pitfall:
      "Too low, and clients that keep idle connections shut others out; on Bun and Deno the server does not start.",
    placeholder: "COUNT",
  },
  "max-in-flight": {
    schema: integer(1, 1_000_000),
    allowed: "an integer from 1 to 1000000",
    initial: 20_000,
    purpose: "Most requests at a time, reads that wait for a change among them; further ones are answered 503",
    pitfall: "Too low, and clients that wait shut others out; each request can take some 100 kB of memory.",
    placeholder: "COUNT",
  },
  "ops-port": {
    schema: v.optional(integer(0, 65_535)),
    allowed: "an integer from 0 to 65535, 0 for any free port",
    initial: undefined,
    otherwise: "nowhere",
    purpose: "Serve /health/live, /health/ready and /metrics on this port (default: nowhere)",
    pitfall: "Reachable by others, and they read your traffic figures; it has no password.",
    placeholder: "PORT",
  },
  "shutdown-delay": {
    schema: duration(0, 600_000),
    allowed: "a duration from 0 to 10m, such as 10s; a number is milliseconds",
    initial: "0s",
    purpose:
      "How long to go on serving after SIGTERM, with /health/ready at 503, so that a load balancer turns away first",
    pitfall:
      "Shorter than the balancer takes to notice, and requests fail while a server is replaced; as long as your service manager waits before it kills (Docker 10 s, Kubernetes 30 s), and what is under way is cut off.",
    placeholder: "DURATION",
  },
  "log-level": {
    schema: v.picklist(LOG_LEVELS),
    allowed: "error, warn, info or debug",
    initial: "info",
    purpose: "The least that is logged: error, warn, info, or debug for a line a request",
    pitfall: "`debug` writes a line a request.",
    placeholder: "LEVEL",
  },
  "log-format": {
    schema: v.optional(v.picklist(LOG_FORMATS)),
    allowed: "pretty or json",
    initial: undefined,
    otherwise: "`pretty` on a terminal, else `json`",
    purpose: "How it is logged: pretty for people, json for programs (default: pretty on a terminal, else json)",
    pitfall: "`pretty` is for reading: programs cannot tell where a value ends.",
    placeholder: "FORMAT",
  },
};
