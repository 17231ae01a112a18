import * as v from "valibot";
import { type Config, OPTION_NAMES, OPTIONS, type Option } from "./options.ts";

export type Configured =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** Checks the values given, fills in the rest, and names every mistake, not just the first. */
export function configure(given: ReadonlyMap<string, string | boolean>): Configured {
  const mistakes: string[] = [];
  const config: Record<string, unknown> = {};
  for (const name of OPTION_NAMES) {
    const option: Option<unknown> = OPTIONS[name];
    const value = given.get(name) ?? option.initial;
    const checked = v.safeParse(option.schema, value);
    if (checked.success) config[name] = checked.output;
    else if (value === undefined) mistakes.push(`--${name} is missing: give ${option.allowed}`);
    else mistakes.push(`--${name} cannot be ${JSON.stringify(value)}: give ${option.allowed}`);
  }
  if (config["mode"] === "authenticated") {
    mistakes.push('--mode cannot be "authenticated": nothing is configured that could check an access token');
  }
  if (mistakes.length > 0) return { ok: false, mistakes };
  const complete = config as unknown as Config;
  return { ok: true, config: complete, warnings: warnings(complete) };
}

function warnings(config: Config): string[] {
  const ttlMs = config["session-ttl"];
  // MSC4388 "Maximum duration of a rendezvous".
  if (ttlMs >= 120_000 && ttlMs <= 300_000) return [];
  return [`--session-ttl is ${ttlMs / 1000}s, outside of the 120s to 300s that MSC4388 recommends`];
}
