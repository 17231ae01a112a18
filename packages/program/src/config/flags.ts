import { parseArgs } from "node:util";
import { type Given, type Source, unknownName } from "./given.ts";
import type { OptionTable } from "./option.ts";

/** Flags that are about the program, not about what it is to do. */
const SWITCHES: readonly string[] = ["help", "version"];

/** What the command line says, not yet checked beyond its form. */
export interface Flags extends Source {
  /** The words before and between the flags: a command, such as `config check`. */
  readonly words: readonly string[];
}

/** Reads the command line; of a flag given more than once, the last counts. */
export function readFlags(args: readonly string[], table: OptionTable): Flags {
  const flags = [...Object.keys(table), "config", ...SWITCHES];
  const isSwitch = (name: string): boolean =>
    SWITCHES.includes(name) || (Object.hasOwn(table, name) && table[name]?.placeholder === undefined);
  const options = Object.fromEntries(
    flags.map((name) => [name, { type: isSwitch(name) ? "boolean" : "string" } as const]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const given = new Map<string, Given>();
  const [mistakes, words]: [string[], string[]] = [[], []];
  let valueOfUnknown = false;
  for (const token of tokens) {
    if (token.kind === "positional" && !valueOfUnknown) words.push(token.value);
    valueOfUnknown = token.kind === "option" && !flags.includes(token.name);
    if (token.kind !== "option") continue;
    const origin = `--${token.name}`;
    if (valueOfUnknown)
      mistakes.push(
        unknownName(
          token.rawName,
          flags.map((name) => `--${name}`),
        ),
      );
    else if (token.value === undefined && !isSwitch(token.name)) mistakes.push(`${origin} needs a value`);
    else given.set(token.name, { value: token.value ?? true, origin });
  }
  return { given, words, mistakes };
}
