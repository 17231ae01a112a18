import type { Need } from "../../scripts/needs.ts";
import type { Group } from "./measurement.ts";
import type { Turns } from "./turns.ts";

/** How much is done: the whole of it, or just enough to see that it works. */
export interface Effort extends Turns {
  /** Rounds of what takes long. */
  readonly longRounds: number;
  /** How long one round of saturation lasts, in seconds. */
  readonly seconds: number;
  /** Of what is counted, such as sessions: a part of what it is in the whole. */
  part(count: number): number;
}

export const WHOLE: Effort = { rounds: 7, warmUps: 1, longRounds: 3, seconds: 2, part: (count) => count };
export const QUICK: Effort = {
  rounds: 1,
  warmUps: 0,
  longRounds: 1,
  seconds: 1,
  part: (count) => Math.ceil(count / 500),
};

/** A part of the bench that can be run for itself. */
export interface Section {
  /** What it needs besides npm. */
  readonly needs: readonly Need[];
  /** Not a part of the whole run: takes too long, or is of interest to few. */
  readonly onRequest?: true;
  measure(effort: Effort): Promise<readonly Group[]>;
}
