import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type Effort, QUICK, type Section, WHOLE } from "./section.ts";
import { SECTIONS } from "./sections/index.ts";

/** What is to be run. */
export interface Options {
  readonly effort: Effort;
  readonly sections: readonly (readonly [name: string, section: Section])[];
  /** The path of the JSON with the numbers. */
  readonly output: string;
}

/** Those that the documentation shows: of all sections, all of each. */
export const WHOLE_RESULTS: string = fileURLToPath(new URL("../results/whole.json", import.meta.url));
const PARTIAL_RESULTS = fileURLToPath(new URL("../results/partial.json", import.meta.url));

/**
 * Reads `[SECTION…] [--quick] [--output FILE]`. Without a section: all of them, `--quick` those that need nothing but npm.
 *
 * @throws TypeError where a word is neither
 */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean", default: false }, output: { type: "string" } },
    allowPositionals: true,
  });
  const unknown = positionals.find((name) => !Object.hasOwn(SECTIONS, name));
  if (unknown !== undefined)
    throw new TypeError(`there is no section ${unknown}: choose from ${Object.keys(SECTIONS).join(", ")}`);
  const isChosen = ([name, { needs, onRequest }]: readonly [string, Section]): boolean =>
    positionals.length > 0 ? positionals.includes(name) : !onRequest && !(values.quick && needs.length > 0);
  return {
    effort: values.quick ? QUICK : WHOLE,
    sections: Object.entries(SECTIONS).filter(isChosen),
    output: values.output ?? (positionals.length === 0 && !values.quick ? WHOLE_RESULTS : PARTIAL_RESULTS),
  };
}
