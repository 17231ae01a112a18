import assert from "node:assert/strict";
import type { Check, HttpTarget, Level, Prefix } from "./check.ts";
import { Client } from "./client.ts";
import { GROUPS, type Group } from "./groups.ts";

/** Which checks are wanted. */
export interface Selection {
  /**
   * With `own` among them, every answer to whatever check must have CORS and `no-store` too; without, only the checks
   * about those say so.
   * @default all
   */
  readonly levels?: readonly Level[] | undefined;
  /** Which parts of the suite. @default all that say something about a server in its mode */
  readonly groups?: readonly Group[] | undefined;
}

/** A check of one server. `run` rejects where the server breaks the rule, and leaves nothing behind on it. */
export interface HttpCheck {
  /** Stays the same for ever, whatever the name becomes; unique in its group. */
  readonly id: string;
  /** Says what must hold, and is unique in its group. */
  readonly name: string;
  /** The section of the specification that the rule is from, or the fact in plain words. */
  readonly section: string;
  /** How binding it is. */
  readonly level: Level;
  /** The part of the suite that it belongs to. */
  readonly group: Group;
  /** The routes that it asks. */
  readonly prefix: Prefix;
  /** Asks the server. */
  readonly run: () => Promise<void>;
}

const ALL_LEVELS: readonly Level[] = ["must", "should", "clients", "own"];
const ALL_GROUPS = Object.keys(GROUPS) as readonly Group[];

/**
 * What a server of the 2025 version (MSC4388) is held to, each rule once for each prefix that it serves.
 *
 * @throws TypeError where the target contradicts itself
 */
export function httpChecks(target: HttpTarget, selection: Selection = {}): HttpCheck[] {
  const { prefixes = ["unstable"], mode, accessToken, sessionTtlMs } = target;
  const { levels = ALL_LEVELS, groups = ALL_GROUPS } = selection;
  if ((mode === "authenticated") !== (accessToken !== undefined)) {
    throw new TypeError("accessToken is for mode authenticated, which can't be checked without one");
  }
  if (sessionTtlMs !== undefined && sessionTtlMs > 10_000) throw new TypeError("sessionTtlMs must be 10000 or less");
  const strict = levels.includes("own");
  return prefixes.flatMap((prefix) =>
    groups.flatMap((group) => {
      const { checks, modes } = GROUPS[group];
      if (!modes.includes(mode)) return [];
      // No other check is so fast that a short life could not end in the middle of it.
      if (sessionTtlMs !== undefined && group !== "expiry") return [];
      return checks
        .filter(({ level, when }) => levels.includes(level) && (when?.isMet(target) ?? true))
        .map(({ run, ...check }) => {
          return { ...check, group, prefix, run: () => runWith(new Client(target, prefix, strict), run) };
        });
    }),
  );
}

/** A rule that a server is known to break. */
export interface Deviation {
  /** The check's group and name, as in `errors: a trailing slash makes another path, which is no route`. */
  readonly check: string;
  /** Why it is so, and stays so. */
  readonly reason: string;
}

/**
 * Registers the checks as tests of a runner, one each.
 *
 * @param deviations what the server is known to break. The list is exact: a check that passes after all fails its test,
 *   so that no entry outlives its reason
 * @throws TypeError where a deviation names no check
 */
export function registerHttpChecks(
  test: (name: string, body: () => Promise<void>) => void,
  target: HttpTarget,
  selection: Selection = {},
  deviations: readonly Deviation[] = [],
): void {
  const checks = httpChecks(target, selection);
  const named = new Set(checks.map(titleOf));
  const unknown = deviations.find(({ check }) => !named.has(check));
  if (unknown !== undefined) throw new TypeError(`a deviation names a check that there is not: ${unknown.check}`);
  for (const check of checks) {
    const deviation = deviations.find((known) => known.check === titleOf(check));
    const title = `${check.prefix} ${titleOf(check)}`;
    if (deviation === undefined) test(title, () => held(check));
    else
      test(`${title} (not so: ${deviation.reason})`, () =>
        assert.rejects(held(check), "the deviation is none any more"));
  }
}

function titleOf({ group, name }: HttpCheck): string {
  return `${group}: ${name}`;
}

async function held({ section, run }: HttpCheck): Promise<void> {
  try {
    await run();
  } catch (error) {
    throw new Error(`breaks ${section}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Runs a check, and leaves nothing of it behind on the server. */
export async function runWith<Speaker extends { close(): Promise<void> }>(
  client: Speaker,
  run: Check<Speaker>["run"],
): Promise<void> {
  try {
    await run(client);
  } catch (error) {
    // What went wrong first is what is told, whatever goes wrong while tidying up.
    await client.close().catch(() => {});
    throw error;
  }
  await client.close();
}
