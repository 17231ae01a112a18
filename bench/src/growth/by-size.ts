import type { Budget } from "../budgets.ts";
import type { Group } from "../measurement.ts";

/**
 * A row for each number of live sessions, against the fewest.
 *
 * @param rounds microseconds, of each size and round by round
 * @param budget of the most
 */
export function bySize(
  name: string,
  sizes: readonly number[],
  rounds: readonly (readonly number[])[],
  budget?: Budget,
): Group {
  const sessions = sizes.map((size) => `${size.toLocaleString("en-GB")} live`);
  const rows = sessions.map((name, index) => ({
    name,
    rounds: rounds[index] ?? [],
    ours: true,
    against: index === 0 ? undefined : sessions[0],
    budget: index === sizes.length - 1 ? budget : undefined,
  }));
  return { name, unit: "µs", rows };
}
