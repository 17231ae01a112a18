import { SHARED_STORES } from "../../../apps/server/test-services/stores.ts";
import { UNSTABLE_2025 } from "../../../integration/src/paths.ts";
import { POSTGRES, REDIS, WRK } from "../../../scripts/needs.ts";
import { BUDGETS } from "../budgets.ts";
import { saturateWrites } from "../load/wrk.ts";
import type { Group } from "../measurement.ts";
import type { Section } from "../section.ts";
import { startServer } from "../servers.ts";
import { type Target, withTargets } from "../target.ts";
import { inTurns } from "../turns.ts";

const MEMORY = "memory";

/** Writes over HTTP to our server on Bun, each acknowledged once its store has it, as many as it can answer. */
export const stores: Section = {
  needs: [WRK, REDIS, POSTGRES],
  async measure(effort) {
    const opened = SHARED_STORES.filter(({ runtimes }) => runtimes.includes("bun"));
    const fresh = opened.map(({ name, fresh }) => ({ name, ...fresh() }));
    const subjects = [{ name: MEMORY, url: "memory:" }, ...fresh];
    const starts = subjects.map(
      ({ name, url }) =>
        () =>
          startServer(name, "bun", { store: url }),
    );
    try {
      const measured = await withTargets(starts, (targets) =>
        inTurns(targets, effort, (target) => writes(target, effort.seconds)),
      );
      return groups(
        subjects.map(({ name }) => name),
        measured,
      );
    } finally {
      for (const { remove } of fresh) remove();
    }
  },
};

interface Writes {
  readonly perSecond: number;
  readonly cpuUs: number;
}

async function writes({ url, cpu }: Target, seconds: number): Promise<Writes> {
  const before = cpu.us();
  const { perSecond, requests } = await saturateWrites(url + UNSTABLE_2025, seconds);
  return { perSecond, cpuUs: (cpu.us() - before) / requests };
}

function groups(names: readonly string[], measured: readonly (readonly Writes[])[]): Group[] {
  const rows = (value: (writes: Writes) => number) =>
    names.map((name, index) => ({
      name,
      rounds: (measured[index] ?? []).map(value),
      ours: true,
      against: name === MEMORY ? undefined : MEMORY,
    }));
  const perSecond = rows((writes) => writes.perSecond).map((row) =>
    row.name === "SQLite" ? { ...row, budget: BUDGETS.sqliteWrites } : row,
  );
  return [
    { name: "Stores: acknowledged writes", unit: "a second", rows: perSecond, isCharted: true },
    { name: "Stores: server CPU per write", unit: "µs", rows: rows((writes) => writes.cpuUs) },
  ];
}
