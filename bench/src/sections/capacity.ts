import { POSTGRES, REDIS } from "../../../scripts/needs.ts";
import { byStore } from "../by-store.ts";
import { ProgramClock } from "../cpu.ts";
import { flows2025 } from "../load/flows.ts";
import type { Group } from "../measurement.ts";
import type { Section } from "../section.ts";
import type { Target } from "../target.ts";

const FLOWS = 500;
/** The programs of those stores that have a server of their own. */
const PROGRAMS: Readonly<Record<string, string>> = { Redis: "redis-server", PostgreSQL: "postgres" };

/** Whole sign-ins by store on Bun, and what they cost Redis and PostgreSQL: what docs/operate/capacity.json has. */
export const capacity: Section = {
  needs: [REDIS, POSTGRES],
  onRequest: true,
  async measure(effort) {
    return groups(await byStore(effort, (target) => costs(target, effort.part(FLOWS))));
  },
};

/** CPU time for a request, in microseconds. */
interface Costs {
  readonly serverUs: number;
  readonly storeUs: number;
}

async function costs({ name, url, cpu }: Target, flows: number): Promise<Costs> {
  const program = PROGRAMS[name];
  const store = program === undefined ? undefined : new ProgramClock(program);
  const before = { server: cpu.us(), store: store?.us() ?? 0 };
  const requests = await flows2025(url, flows);
  const storeUs = ((store?.us() ?? 0) - before.store) / requests;
  return { serverUs: (cpu.us() - before.server) / requests, storeUs };
}

function groups(measured: ReadonlyMap<string, readonly Costs[]>): Group[] {
  const row = (name: string, value: (costs: Costs) => number) => ({
    name,
    rounds: (measured.get(name) ?? []).map(value),
    ours: true,
  });
  const names = [...measured.keys()];
  const served = names.map((name) => row(name, ({ serverUs }) => serverUs));
  const stored = names.filter((name) => name in PROGRAMS).map((name) => row(name, ({ storeUs }) => storeUs));
  return [
    { name: "Whole flows by store: server CPU per request", unit: "µs", rows: served },
    { name: "Whole flows by store: CPU of the store's own server per request", unit: "µs", rows: stored },
  ];
}
