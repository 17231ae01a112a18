import * as v from "valibot";
import { type Config, OPTION_NAMES, OPTIONS, type Option, type OptionName } from "./options.ts";

export type Configured =
  | { readonly ok: true; readonly config: Config; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly mistakes: readonly string[] };

/** Checks the values given, fills in the rest, and names every mistake, not just the first. */
export function configure(given: Given): Configured {
  const mistakes: string[] = [];
  const config: Record<string, unknown> = {};
  for (const name of OPTION_NAMES) {
    const option: Option<unknown> = OPTIONS[name];
    const value = given.get(name) ?? initial(name, given);
    const checked = v.safeParse(option.schema, value);
    if (checked.success) config[name] = checked.output;
    else if (value === undefined) mistakes.push(`--${name} is missing: give ${option.allowed}`);
    else mistakes.push(`--${name} cannot be ${JSON.stringify(value)}: give ${option.allowed}`);
  }
  mistakes.push(...contradictions(config["mode"], given));
  if (mistakes.length > 0) return { ok: false, mistakes };
  const complete = config as unknown as Config;
  return { ok: true, config: complete, warnings: warnings(complete) };
}

type Given = ReadonlyMap<string, string | boolean>;

/** The value of what was not given. Who names a homeserver has it check access tokens. */
function initial(name: OptionName, given: Given): Option<unknown>["initial"] {
  return name === "mode" && canVerify(given) ? "authenticated" : OPTIONS[name].initial;
}

function canVerify(given: Given): boolean {
  return given.has("homeserver") || given.has("introspection-url");
}

const INTROSPECTION = ["introspection-url", "introspection-client-id", "introspection-client-secret-file"] as const;

/** What is wrong between values that are each right for themselves. */
function contradictions(mode: unknown, given: Given): string[] {
  const mistakes: string[] = [];
  if (mode === "authenticated" && !canVerify(given)) {
    mistakes.push(
      '--mode cannot be "authenticated" alone: give --homeserver or --introspection-url to check access tokens',
    );
  }
  const [present, ...others] = INTROSPECTION.filter((name) => given.has(name));
  if (present !== undefined && others.length < INTROSPECTION.length - 1) {
    const lacking = INTROSPECTION.filter((name) => !given.has(name));
    mistakes.push(`--${present} needs ${lacking.map((name) => `--${name}`).join(" and ")} as well`);
  }
  return mistakes;
}

function warnings(config: Config): string[] {
  const ttlMs = config["session-ttl"];
  // MSC4388 "Maximum duration of a rendezvous".
  if (ttlMs >= 120_000 && ttlMs <= 300_000) return [];
  return [`--session-ttl is ${ttlMs / 1000}s, outside of the 120s to 300s that MSC4388 recommends`];
}
