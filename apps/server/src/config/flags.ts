import { parseArgs } from "node:util";
import { type Given, type Source, unknownName } from "./given.ts";
import { OPTION_NAMES, OPTIONS, type Option } from "./options.ts";

/** Flags that are about the program, not about the server. */
const SWITCHES = ["help", "version"] as const;
const FLAGS: readonly string[] = [...OPTION_NAMES, "config", ...SWITCHES];

/** What the command line says, not yet checked beyond its form. */
export interface Flags extends Source {
  /** The words before and between the flags: a command, such as `config check`. */
  readonly words: readonly string[];
}

/** Reads the command line; of a flag given more than once, the last counts. */
export function readFlags(args: readonly string[]): Flags {
  const options = Object.fromEntries(
    FLAGS.map((name) => [name, { type: isSwitch(name) ? "boolean" : "string" } as const]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const given = new Map<string, Given>();
  const [mistakes, words]: [string[], string[]] = [[], []];
  let valueOfUnknown = false;
  for (const token of tokens) {
    if (token.kind === "positional" && !valueOfUnknown) words.push(token.value);
    valueOfUnknown = token.kind === "option" && !FLAGS.includes(token.name);
    if (token.kind !== "option") continue;
    const origin = `--${token.name}`;
    if (valueOfUnknown)
      mistakes.push(
        unknownName(
          token.rawName,
          FLAGS.map((name) => `--${name}`),
        ),
      );
    else if (token.value === undefined && !isSwitch(token.name)) mistakes.push(`${origin} needs a value`);
    else given.set(token.name, { value: token.value ?? true, origin });
  }
  return { given, words, mistakes };
}

function isSwitch(name: string): boolean {
  if (name === "config") return false;
  const option: Option<unknown> | undefined = (OPTIONS as Record<string, Option<unknown>>)[name];
  return option?.placeholder === undefined;
}
