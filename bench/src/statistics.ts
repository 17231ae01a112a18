import type { Budget } from "./budgets.ts";
import type { Group, Row } from "./measurement.ts";

/** A median, and the range that most rounds were in. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly rounds: number;
}

/** With fewer rounds nobody knows how much they differ. */
const ROUNDS_TO_COMPARE = 3;
/** From so many rounds on, the least and the greatest do not count: something else may have run in that moment. */
const ROUNDS_TO_TRIM = 7;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const [lower, upper] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return ((lower ?? Number.NaN) + (upper ?? Number.NaN)) / 2;
}

export function estimate(rounds: readonly number[]): Estimate {
  const sorted = rounds.toSorted((one, other) => one - other);
  const kept = rounds.length < ROUNDS_TO_TRIM ? sorted : sorted.slice(1, -1);
  return {
    median: median(rounds),
    low: kept[0] ?? Number.NaN,
    high: kept.at(-1) ?? Number.NaN,
    rounds: rounds.length,
  };
}

/** A row against the one it is compared with, each round divided by the same round of the other. */
export function ratioOf(row: Row, group: Group): Estimate | undefined {
  if (row.against === undefined) return undefined;
  const other = group.rows.find(({ name }) => name === row.against);
  if (other === undefined || other.rounds.length !== row.rounds.length)
    throw new Error(`${row.name} cannot be compared with ${row.against}: it has no such rounds`);
  return estimate(row.rounds.map((value, round) => value / (other.rounds[round] ?? Number.NaN)));
}

/**
 * Whether the rounds differ more from each other than the ratio does from 1, or are too few to know: then the ratio says
 * nothing, and is not printed.
 */
export function withinNoise({ median, low, high, rounds }: Estimate): boolean {
  return rounds < ROUNDS_TO_COMPARE || !(high - low < Math.abs(median - 1));
}

export type Verdict = "met" | "missed" | "too close to call";

/** `too close to call` where some of the rounds are on either side of the budget. */
export function verdict({ most, least }: Budget, { low, high }: Estimate): Verdict {
  const within = (value: number): boolean => value <= (most ?? Infinity) && value >= (least ?? -Infinity);
  if (within(low) !== within(high)) return "too close to call";
  return within(low) ? "met" : "missed";
}

/** What a row's budget is about: its value, or its ratio. */
export function budgeted(row: Row, group: Group): Estimate | undefined {
  if (row.budget === undefined) return undefined;
  return row.budget.of === "value" ? estimate(row.rounds) : ratioOf(row, group);
}
