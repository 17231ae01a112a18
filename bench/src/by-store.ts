import { SHARED_STORES } from "../../apps/server/test-services/stores.ts";
import type { Effort } from "./section.ts";
import { startServer } from "./servers.ts";
import { type Target, withTargets } from "./target.ts";
import { inTurns } from "./turns.ts";

export const MEMORY = "memory";

/** What was measured of our server on Bun with each store, by the store's name; each of the values is a round's. */
export async function byStore<Value>(
  effort: Effort,
  measure: (target: Target) => Promise<Value>,
): Promise<ReadonlyMap<string, readonly Value[]>> {
  const opened = SHARED_STORES.filter(({ runtimes }) => runtimes.includes("bun"));
  const fresh = opened.map(({ name, fresh }) => ({ name, ...fresh() }));
  const subjects = [{ name: MEMORY, url: "memory:" }, ...fresh];
  const starts = subjects.map((subject) => () => startServer(subject.name, "bun", { store: subject.url }));
  try {
    const measured = await withTargets(starts, (targets) => inTurns(targets, effort, measure));
    return new Map(subjects.map(({ name }, index) => [name, measured[index] ?? []]));
  } finally {
    for (const { remove } of fresh) remove();
  }
}
