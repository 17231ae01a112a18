import { UNSTABLE_2025 } from "../../../integration/src/paths.ts";
import { POSTGRES, REDIS, WRK } from "../../../scripts/needs.ts";
import { BUDGETS } from "../budgets.ts";
import { byStore, MEMORY } from "../by-store.ts";
import { saturateWrites } from "../load/wrk.ts";
import type { Group } from "../measurement.ts";
import type { Section } from "../section.ts";
import type { Target } from "../target.ts";

/** Writes over HTTP to our server on Bun, each acknowledged once its store has it, as many as it can answer. */
export const stores: Section = {
  needs: [WRK, REDIS, POSTGRES],
  async measure(effort) {
    return groups(await byStore(effort, (target) => writes(target, effort.seconds)));
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

function groups(measured: ReadonlyMap<string, readonly Writes[]>): Group[] {
  const rows = (value: (writes: Writes) => number) =>
    [...measured].map(([name, rounds]) => ({
      name,
      rounds: rounds.map(value),
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
