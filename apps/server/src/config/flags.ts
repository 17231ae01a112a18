import { parseArgs } from "node:util";
import leven from "leven";
import { OPTION_NAMES, OPTIONS, type Option } from "./options.ts";

/** Flags that ask for something else than a running server. */
const QUESTIONS = ["help", "version"] as const;
type Question = (typeof QUESTIONS)[number];

/** What the command line says, not yet checked beyond its form. */
export interface Flags {
  readonly values: ReadonlyMap<string, string | boolean>;
  readonly question: Question | undefined;
  readonly mistakes: readonly string[];
}

/** Reads the command line; of a flag given more than once, the last counts. */
export function readFlags(args: readonly string[]): Flags {
  const options = Object.fromEntries(
    [...OPTION_NAMES, ...QUESTIONS].map((name) => [name, { type: isSwitch(name) ? "boolean" : "string" } as const]),
  );
  const { tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const values = new Map<string, string | boolean>();
  const mistakes: string[] = [];
  let question: Question | undefined;
  let valueOfUnknown = false;
  for (const token of tokens) {
    if (token.kind === "positional" && !valueOfUnknown)
      mistakes.push(`${JSON.stringify(token.value)} is not a flag: see --help`);
    valueOfUnknown = token.kind === "option" && !Object.hasOwn(options, token.name);
    if (token.kind !== "option") continue;
    if (valueOfUnknown) mistakes.push(unknownFlag(token.rawName));
    else if (isQuestion(token.name)) question = token.name;
    else if (token.value === undefined && !isSwitch(token.name)) mistakes.push(`--${token.name} needs a value`);
    else values.set(token.name, token.value ?? true);
  }
  return { values, question, mistakes };
}

function unknownFlag(rawName: string): string {
  const names = [...OPTION_NAMES, ...QUESTIONS].map((name) => `--${name}`);
  const [nearest] = names.sort((left, right) => leven(left, rawName) - leven(right, rawName));
  const close = nearest !== undefined && leven(nearest, rawName) <= 3;
  return `${rawName} is unknown${close ? `: did you mean ${nearest}?` : ": see --help"}`;
}

function isQuestion(name: string): name is Question {
  return (QUESTIONS as readonly string[]).includes(name);
}

function isSwitch(name: string): boolean {
  if (isQuestion(name)) return true;
  const option: Option<unknown> | undefined = (OPTIONS as Record<string, Option<unknown>>)[name];
  return option?.placeholder === undefined;
}
