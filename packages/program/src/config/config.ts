import * as v from "valibot";
import { type Environment, readEnvironment } from "./environment.ts";
import { readConfigFile } from "./file.ts";
import type { Flags } from "./flags.ts";
import type { Given, Source } from "./given.ts";
import type { OptionsOf, OptionTable } from "./option.ts";
import type { Config } from "./options.ts";
import { maskedUrl } from "./secrets.ts";

/** A configuration and what to warn of, or every mistake in it, a sentence each. */
export type Configured<C> =
  | { readonly ok: true; readonly config: C; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** Joins flags, environment and configuration file, in that order of precedence, and names every mistake in them. */
export function configure<C extends Config>(
  options: OptionsOf<C>,
  flags: Flags,
  environment: Environment,
): Configured<C> {
  const table: OptionTable = options as OptionsOf<Config> & OptionTable;
  const names = Object.keys(table);
  const variables = readEnvironment(environment, names);
  const path = flags.given.get("config") ?? variables.given.get("config");
  const file = path === undefined ? undefined : readConfigFile(String(path.value), names);
  // What such a file would have given is not known, so nothing can be said to be missing.
  if (typeof file === "string") return { ok: false, mistakes: [file, ...variables.mistakes, ...flags.mistakes] };
  const sources: Source[] = [...(file ? [file] : []), variables, flags];
  const given = new Map(sources.flatMap((source) => [...source.given]));
  const { config, mistakes } = check(table, given);
  mistakes.unshift(...sources.flatMap((source) => source.mistakes));
  mistakes.push(...contradictions(config, given), ...clashes(table, config, given));
  if (mistakes.length > 0) return { ok: false, mistakes };
  const complete = config as unknown as C;
  return { ok: true, config: complete, warnings: warnings(complete) };
}

type AllGiven = ReadonlyMap<string, Given>;

function check(table: OptionTable, given: AllGiven): { config: Record<string, unknown>; mistakes: string[] } {
  const mistakes: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(table)) {
    // Who names a homeserver has it check access tokens.
    const initial = name === "mode" && canVerify(given) ? "authenticated" : option.initial;
    const { value, origin } = given.get(name) ?? { value: initial, origin: `--${name}` };
    const checked = v.safeParse(option.schema, value);
    if (checked.success) config[name] = checked.output;
    else if (value === undefined) mistakes.push(`${origin} is missing: give ${option.allowed}`);
    else mistakes.push(`${origin} cannot be ${option.secret ? "that" : shown(value)}: give ${option.allowed}`);
  }
  return { config, mistakes };
}

/** As it was written, as far as it may be seen: JSON has no word for infinity, and a URL can have a password. */
function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : JSON.stringify(value).replaceAll(/:\/\/[^"]*@/g, "://***@");
}

function canVerify(given: AllGiven): boolean {
  return given.has("homeserver") || given.has("introspection-url");
}

const INTROSPECTION = ["introspection-url", "introspection-client-id", "introspection-client-secret-file"] as const;

/** What is wrong between values that are each right for themselves. */
function contradictions(config: Readonly<Record<string, unknown>>, given: AllGiven): string[] {
  const mistakes: string[] = [];
  const chosen = given.get("mode");
  if (chosen !== undefined && config["mode"] === "authenticated" && !canVerify(given)) {
    mistakes.push(
      `${chosen.origin} cannot be "authenticated" alone: give --homeserver or --introspection-url to check access tokens`,
    );
  }
  const { store } = config;
  if (given.get("store")?.origin === "--store" && typeof store === "string" && maskedUrl(store) !== store) {
    mistakes.push(
      "--store shows its password to every user of this machine: give it in RENDEZVOUS_STORE, or in the file",
    );
  }
  const opsPort = config["ops-port"];
  if (opsPort !== undefined && opsPort !== 0 && opsPort === config["port"]) {
    mistakes.push(`${given.get("ops-port")?.origin} cannot be ${opsPort}, which is the public port: give another`);
  }
  const [present, ...others] = INTROSPECTION.filter((name) => given.has(name));
  if (present !== undefined && others.length < INTROSPECTION.length - 1) {
    const lacking = INTROSPECTION.filter((name) => !given.has(name));
    mistakes.push(`${given.get(present)?.origin} needs ${lacking.map((name) => `--${name}`).join(" and ")} as well`);
  }
  return mistakes;
}

function clashes(table: OptionTable, config: Readonly<Record<string, unknown>>, given: AllGiven): string[] {
  return Object.entries(table).flatMap(([name, { clash, initial }]) => {
    const why = config[name] === initial ? undefined : clash?.(config);
    return why === undefined ? [] : [`${given.get(name)?.origin} cannot be ${shown(config[name])}: ${why}`];
  });
}

/** Addresses that stand for all addresses of a machine, and name none. */
const EVERYWHERE: readonly string[] = ["0.0.0.0", "::"];

function warnings(config: Config): string[] {
  const warnings: string[] = [];
  const ttlMs = config["session-ttl"];
  // MSC4388 "Maximum duration of a rendezvous".
  if (ttlMs < 120_000 || ttlMs > 300_000) {
    warnings.push(`--session-ttl is ${ttlMs / 1000}s, outside of the 120s to 300s that MSC4388 recommends`);
  }
  const { host, mode, "public-url": publicUrl, "no-msc4108": withoutMsc4108 } = config;
  if (EVERYWHERE.includes(host) && publicUrl === undefined && !withoutMsc4108 && mode !== "off") {
    warnings.push(
      `--public-url is missing: sessions of the 2024 version are said to be at ${host}, where no device is`,
    );
  }
  return warnings;
}
