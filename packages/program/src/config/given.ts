import leven from "leven";

/** A value somebody gave, not yet checked, and where: a flag, a variable, a key of the configuration file. */
export interface Given {
  readonly value: unknown;
  readonly origin: string;
}

/** What one source gives, by option name, and what is wrong with the source itself. */
export interface Source {
  readonly given: ReadonlyMap<string, Given>;
  readonly mistakes: readonly string[];
}

/** How `name`, which is none of `known`, may have been meant. */
export function unknownName(name: string, known: readonly string[]): string {
  const [nearest] = known.toSorted((left, right) => leven(left, name) - leven(right, name));
  const close = nearest !== undefined && leven(nearest, name) <= 3;
  return `${name} is unknown: ${close ? `did you mean ${nearest}?` : "see --help"}`;
}
