import { parseArgs } from "node:util";
import { DEFAULT_HOSTNAME, DEFAULT_PORT, type Mode, trustedProxies } from "@matrix-rendezvous/http";
import * as v from "valibot";

/** What was configured, complete and known to be right. Times are milliseconds. */
export interface Config {
  readonly homeserver: string;
  readonly host: string;
  readonly port: number;
  readonly mode: Mode;
  readonly store: string;
  readonly "public-url": string | undefined;
  readonly "trust-proxy": readonly string[];
  readonly "upstream-timeout": number;
}

/** One thing that can be configured. */
interface Option<T> {
  readonly schema: v.GenericSchema<string | undefined, T>;
  /** What the schema lets pass, to complete the sentence "give …". */
  readonly allowed: string;
  /** The value where none is given. */
  readonly initial?: string;
  /** What it is for, in a sentence without its full stop. */
  readonly purpose: string;
  /** Stands for the value in the help text. */
  readonly placeholder: string;
}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;
const MODES = ["off", "authenticated", "open", "public"] as const satisfies readonly Mode[];

const httpUrl = v.pipe(v.string(), v.url(), v.regex(/^https?:\/\/[^?#\s]+$/));
const port = v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number), v.maxValue(65_535));
const duration = v.pipe(
  v.string(),
  v.regex(/^\d+(ms|s|m|h)?$/),
  v.transform(milliseconds),
  v.minValue(1),
  v.maxValue(86_400_000),
);
const networks = v.pipe(
  v.string(),
  v.transform((list) =>
    list
      .split(",")
      .map((item) => item.trim())
      .filter(Boolean),
  ),
  v.check((items: string[]) => areNetworks(items)),
);

/** Everything that can be configured, by its name: the flag without its dashes. */
const OPTIONS: { readonly [Name in keyof Config]: Option<Config[Name]> } = {
  homeserver: {
    schema: httpUrl,
    allowed: "the base URL of a Synapse, such as http://localhost:8008",
    purpose: "The Synapse that everything else goes to, and that checks access tokens",
    placeholder: "URL",
  },
  host: {
    schema: v.pipe(v.string(), v.regex(/^[^\s/]+$/)),
    allowed: "a host name or an address of this machine",
    initial: DEFAULT_HOSTNAME,
    purpose: "Where to listen; 0.0.0.0 and :: let other machines in",
    placeholder: "HOST",
  },
  port: {
    schema: port,
    allowed: "an integer from 0 to 65535, 0 for any free port",
    initial: String(DEFAULT_PORT),
    purpose: "The TCP port to listen on",
    placeholder: "PORT",
  },
  mode: {
    schema: v.picklist(MODES),
    allowed: "off, authenticated or open",
    initial: "authenticated",
    purpose: "Who may create sessions: off, authenticated (who has an access token) or open (everybody)",
    placeholder: "MODE",
  },
  store: {
    schema: v.pipe(v.string(), v.regex(/^(memory:|sqlite:.+)$/)),
    allowed: "memory: or sqlite:PATH",
    initial: "sqlite:./data/rendezvous.db",
    purpose: "Where sessions are kept: memory: or sqlite:PATH",
    placeholder: "URL",
  },
  "public-url": {
    schema: v.optional(httpUrl),
    allowed: "an http or https URL such as https://matrix.example.org, with no query",
    purpose:
      "Where clients reach this proxy: the base of the session URLs of the 2024 version (default: where it listens)",
    placeholder: "URL",
  },
  "trust-proxy": {
    schema: networks,
    allowed: "addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8",
    initial: "",
    purpose: "Reverse proxies that may say, in X-Forwarded-For, -Proto and -Host, for which client they speak",
    placeholder: "CIDR,…",
  },
  "upstream-timeout": {
    schema: duration,
    allowed: "a duration up to 24h, such as 10m; a number is milliseconds",
    initial: "10m",
    purpose: "How long Synapse may be silent; longer than the longest /sync that clients ask for",
    placeholder: "DURATION",
  },
};

const NAMES = Object.keys(OPTIONS) as (keyof Config)[];

export type Configured =
  | { readonly type: "config"; readonly config: Config }
  | { readonly type: "help" | "version" }
  | { readonly type: "mistakes"; readonly mistakes: readonly string[] };

/** Reads the command line, fills in what is not given, and names every mistake, not just the first. */
export function configure(args: readonly string[]): Configured {
  const { given, question, mistakes } = readFlags(args);
  if (question !== undefined) return { type: question };
  const config: Record<string, unknown> = {};
  for (const name of NAMES) {
    const { schema, allowed, initial }: Option<unknown> = OPTIONS[name];
    const value = given.get(name) ?? initial;
    const checked = v.safeParse(schema, value);
    if (checked.success) config[name] = checked.output;
    else if (value === undefined) mistakes.push(`--${name} is missing: give ${allowed}`);
    else mistakes.push(`--${name} cannot be ${JSON.stringify(value)}: give ${allowed}`);
  }
  if (mistakes.length > 0) return { type: "mistakes", mistakes };
  return { type: "config", config: config as unknown as Config };
}

interface Flags {
  readonly given: ReadonlyMap<string, string>;
  readonly question: "help" | "version" | undefined;
  readonly mistakes: string[];
}

function readFlags(args: readonly string[]): Flags {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: "string" } as const]));
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const given = new Map<string, string>();
  const mistakes: string[] = [];
  let question: Flags["question"];
  for (const token of tokens) {
    if (token.kind === "positional") mistakes.push(`${JSON.stringify(token.value)} is not a flag: see --help`);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (name === "help" || name === "version") question = name;
    else if (!Object.hasOwn(OPTIONS, name)) mistakes.push(`${rawName} is unknown: see --help`);
    else if (value === undefined) mistakes.push(`${rawName} needs a value`);
    else given.set(name, value);
  }
  return { given, question, mistakes };
}

/** The answer to `--help`. */
export function helpText(): string {
  const lines = NAMES.map((name): [string, string] => {
    const { placeholder, purpose, initial }: Option<unknown> = OPTIONS[name];
    return [`--${name} ${placeholder}`, initial ? `${purpose} (default ${initial})` : purpose];
  });
  lines.push(["--help", "Print this"], ["--version", "Print the version"]);
  const width = Math.max(...lines.map(([left]) => left.length)) + 2;
  return [
    "Usage: matrix-rendezvous-proxy --homeserver URL [flags]",
    "",
    "The Matrix rendezvous API in front of a Synapse; everything else goes through to it.",
    "",
    ...lines.map(([left, right]) => `  ${left.padEnd(width)}${right}`),
  ].join("\n");
}

function milliseconds(value: string): number {
  const unit = (/[a-z]+$/.exec(value)?.[0] ?? "ms") as keyof typeof UNITS;
  return Number.parseInt(value, 10) * UNITS[unit];
}

function areNetworks(items: readonly string[]): boolean {
  try {
    trustedProxies(items);
    return true;
  } catch {
    return false;
  }
}
