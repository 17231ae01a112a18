import leven from "leven";

/** A value somebody gave, not yet checked, and where: a flag, a variable, a key of the configuration file. */
export interface Given {
  /** As the source has it: text from a flag or a variable. */
  readonly value: unknown;
  /** What to call it in a message, such as `--port` or `RENDEZVOUS_PORT`. */
  readonly origin: string;
}

/** What one source gives, by option name, and what is wrong with the source itself. */
export interface Source {
  /** By the name of the option. */
  readonly given: ReadonlyMap<string, Given>;
  /** A sentence each; empty where nothing is wrong. */
  readonly mistakes: readonly string[];
}

/** How `name`, which is none of `known`, may have been meant. */
export function unknownName(name: string, known: readonly string[]): string {
  const word = bare(name);
  const distance = (other: string): number => leven(bare(other), word);
  const [nearest] = known.filter((other) => isLike(bare(other), word)).toSorted((a, b) => distance(a) - distance(b));
  return `${name} is unknown: ${nearest === undefined ? "see --help" : `did you mean ${nearest}?`}`;
}

/** Some letters are wrong, or some words are missing. */
function isLike(known: string, word: string): boolean {
  return leven(known, word) <= Math.min(3, word.length / 2) || (word !== "" && `-${known}-`.includes(`-${word}-`));
}

/** What tells one option's names from another's, however they are written. */
function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/^(--?|rendezvous_)/, "")
    .replaceAll("_", "-");
}
