import type { Observation } from "./observe.ts";

/** One field of one answer that is not the same. */
export interface Difference {
  readonly step: string;
  readonly field: string;
  readonly synapse: string;
  readonly here: string;
}

/** Differences that were looked at, and are meant. */
export interface Reviewed {
  /** The steps that have it. */
  readonly steps: RegExp;
  readonly field: string;
  readonly synapse: string;
  readonly here: string;
  readonly reason: string;
}

type Observations = ReadonlyMap<string, Observation>;

/** Where the statuses differ, that is the difference: the rest of such answers is not comparable. */
export function compare(synapse: Observations, here: Observations): Difference[] {
  return [...synapse].flatMap(([step, theirs]) => {
    const ours = here.get(step) ?? {};
    const isComparable = theirs["status"]?.slice(0, 3) === ours["status"]?.slice(0, 3);
    const fields = isComparable ? new Set([...Object.keys(theirs), ...Object.keys(ours)]) : ["status"];
    return [...fields]
      .map((field) => ({ step, field, synapse: theirs[field] ?? "absent", here: ours[field] ?? "absent" }))
      .filter((one) => one.synapse !== one.here);
  });
}

/** The differences that nobody has looked at, and what was looked at and is no difference (any more). */
export function unreviewed(
  differences: readonly Difference[],
  reviewed: readonly Reviewed[],
): { readonly unlisted: readonly Difference[]; readonly stale: readonly Reviewed[] } {
  const explains = (known: Reviewed, one: Difference): boolean =>
    known.field === one.field && known.synapse === one.synapse && known.here === one.here && known.steps.test(one.step);
  return {
    unlisted: differences.filter((one) => !reviewed.some((known) => explains(known, one))),
    stale: reviewed.filter((known) => !differences.some((one) => explains(known, one))),
  };
}
