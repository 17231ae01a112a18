import { WRK } from "../../../scripts/needs.ts";
import { BUDGETS, type Budget } from "../budgets.ts";
import { flows2025 } from "../load/flows.ts";
import { createSession2025 } from "../load/session.ts";
import { saturateReads } from "../load/wrk.ts";
import type { Group } from "../measurement.ts";
import { cpuPerRequest } from "../per-request.ts";
import type { Section } from "../section.ts";
import { RUNTIME_NAMES, RUNTIMES, type Runtime, startBare, startLooking, startServer } from "../servers.ts";
import { withTargets } from "../target.ts";
import type { Turns } from "../turns.ts";

const FLOWS = 500;

/** How near ours could come to the bare server: what is less than this checks nothing of what was asked. */
const LOOKING = "looking server on Bun";

/** Whole sign-ins, one request after the other on each of 16 connections. */
export const flows: Section = {
  needs: [],
  async measure(effort) {
    const load = (url: string): Promise<number> => flows2025(url, effort.part(FLOWS));
    return [await besideBare("Whole flows: server CPU per request", effort, load, BUDGETS.flows)];
  },
};

/** Reads of one session, as many as the server can answer. */
export const reads: Section = {
  needs: [WRK],
  async measure(effort) {
    const load = async (url: string): Promise<number> =>
      (await saturateReads(await createSession2025(url), effort.seconds)).requests;
    return [await besideBare("Saturated reads: server CPU per request", effort, load, BUDGETS.reads)];
  },
};

/** Our server on each runtime against a server there that answers the same bytes and checks nothing. */
async function besideBare(
  name: string,
  turns: Turns,
  load: (url: string) => Promise<number>,
  bunBudget: Budget,
): Promise<Group> {
  const bare = (runtime: Runtime): string => `bare server on ${RUNTIME_NAMES[runtime]}`;
  const ours = (runtime: Runtime): string => `ours on ${RUNTIME_NAMES[runtime]}`;
  const pairs = RUNTIMES.flatMap((runtime) => [
    () => startBare(bare(runtime), runtime),
    () => startServer(ours(runtime), runtime),
  ]);
  const starts = [...pairs, () => startLooking(LOOKING)];
  const measured = await withTargets(starts, (targets) => cpuPerRequest(targets, turns, ({ url }) => load(url)));
  const rows = RUNTIMES.flatMap((runtime, index) => [
    { name: bare(runtime), rounds: measured[2 * index] ?? [], ours: false },
    {
      name: ours(runtime),
      rounds: measured[2 * index + 1] ?? [],
      ours: true,
      against: bare(runtime),
      budget: runtime === "bun" ? bunBudget : undefined,
    },
  ]);
  const looking = { name: LOOKING, rounds: measured.at(-1) ?? [], ours: false, against: bare("bun") };
  return { name, unit: "µs", rows: [...rows, looking], isCharted: true };
}
