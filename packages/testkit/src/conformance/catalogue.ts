import type { Check, HttpTarget, Level, Mode, Prefix } from "../http/check.ts";
import { Client } from "../http/client.ts";
import { GROUPS, type Group } from "../http/groups.ts";
import { runWith } from "../http/suite.ts";
import { Client2024 } from "../http/version-2024/client.ts";
import { GROUPS_2024 } from "../http/version-2024/groups.ts";

/** Of the protocol: 2025 is MSC4388, 2024 is MSC4108 as it was in that year. */
export type Version = "2025" | "2024";

/** From what everybody is held to, to what this project's own server promises besides. Each level has those before it. */
export const LEVELS: readonly Level[] = ["must", "should", "clients", "own"];

/** A check of the kit, and where it is from. */
export interface ConformanceCheck {
  /** `VERSION.GROUP.NAME`; stays the same for ever, whatever the name becomes. */
  readonly id: string;
  /** The version of the protocol that it is about. */
  readonly version: Version;
  /** What must hold, after what it is about: `write: changes the token even where the payload stays the same`. */
  readonly name: string;
  /** How binding it is. */
  readonly level: Level;
  /** The document and the title of the heading that it follows, or the fact in plain words. */
  readonly section: string;
}

/** A server as it was found. */
export interface Place {
  readonly target: HttpTarget;
  readonly prefix: Prefix;
  /** Whether every answer is held to what this project's own server promises of each. */
  readonly strict: boolean;
}

/** A check that can be run. */
export interface Runnable {
  readonly check: ConformanceCheck;
  /** Why it can't be run there, or `undefined`. */
  readonly obstacle: (target: HttpTarget) => string | undefined;
  /** Rejects where the server breaks the rule. */
  readonly run: (place: Place) => Promise<void>;
}

const MODES: Readonly<Record<Exclude<Mode, "off">, string>> = {
  open: "a server that lets everybody create sessions",
  authenticated: "a server that lets only its users create sessions",
};

/** Every check that says something about a server that serves. */
export const CATALOGUE: readonly Runnable[] = [
  ...(Object.keys(GROUPS) as Group[]).flatMap(of2025),
  ...Object.entries(GROUPS_2024).flatMap(([group, checks]) =>
    checks.map((check) => ({
      check: described("2024", group, check),
      obstacle: (target: HttpTarget) => unmet(check, target),
      run: ({ target }: Place) => runWith(new Client2024(target), check.run),
    })),
  ),
];

function of2025(group: Group): Runnable[] {
  const { checks, modes } = GROUPS[group];
  const [mode] = modes;
  if (mode === undefined || mode === "off") return [];
  return checks.map((check) => ({
    check: described("2025", group, check),
    obstacle: (target) => (modes.includes(target.mode) ? unmet(check, target) : `needs ${MODES[mode]}`),
    run: ({ target, prefix, strict }) => runWith(new Client(target, prefix, strict), check.run),
  }));
}

function described<Speaker>(version: Version, group: string, check: Check<Speaker>): ConformanceCheck {
  const { id, name, level, section } = check;
  return { id: `${version}.${group}.${id}`, version, name: `${group}: ${name}`, level, section };
}

function unmet<Speaker>({ when }: Check<Speaker>, target: HttpTarget): string | undefined {
  return when === undefined || when.isMet(target) ? undefined : `needs ${when.needs}`;
}
