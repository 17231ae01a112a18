import { startSynapse, withAuthenticationService } from "../../../integration/src/synapse.ts";
import { SYNAPSE, WRK } from "../../../scripts/needs.ts";
import { BUDGETS, type Budget } from "../budgets.ts";
import { CpuClock } from "../cpu.ts";
import { type Flows, flows2024, flows2025 } from "../load/flows.ts";
import { createSession2024, createSession2025 } from "../load/session.ts";
import { saturateReads } from "../load/wrk.ts";
import type { Group } from "../measurement.ts";
import { type Answering, cpuPerRequest } from "../per-request.ts";
import type { Effort, Section } from "../section.ts";
import { startServer } from "../servers.ts";
import { SERVER_CORE } from "../target.ts";

/** In one round: ours is asked more often, so that a round takes it long enough. */
const FLOWS = { ours: 500, synapse: 60 };

const VERSIONS: readonly Version[] = [
  { name: "2025 version", flows: flows2025, create: createSession2025, isBudgeted: true },
  { name: "2024 version", flows: flows2024, create: createSession2024, isBudgeted: false },
];

interface Version {
  readonly name: string;
  readonly flows: Flows;
  readonly create: (url: string) => Promise<string>;
  /** The budgets were set with MSC4388 in mind. */
  readonly isBudgeted: boolean;
}

interface Server extends Answering {
  readonly is: "ours" | "synapse";
}

/** Our server on Bun against Synapse's own rendezvous API, on the same core. */
export const synapse: Section = {
  needs: [SYNAPSE, WRK],
  async measure(effort) {
    const ours = await startServer("ours", "bun");
    const theirs = await startSynapse({
      settings: withAuthenticationService({ msc4108_enabled: true, msc4388_mode: "open" }),
      under: ["taskset", "-c", SERVER_CORE],
    });
    const servers: readonly Server[] = [
      { is: "ours", url: ours.url, cpu: ours.cpu },
      { is: "synapse", url: theirs.url, cpu: new CpuClock(theirs.pid) },
    ];
    try {
      const groups: Group[] = [];
      for (const version of VERSIONS) groups.push(...(await beside(servers, version, effort)));
      return groups;
    } finally {
      await ours.stop();
      await theirs.stop();
    }
  },
};

async function beside(servers: readonly Server[], version: Version, effort: Effort): Promise<Group[]> {
  const { name, isBudgeted } = version;
  const flows = await cpuPerRequest(servers, effort, ({ is, url }) => version.flows(url, effort.part(FLOWS[is])));
  const reads = await cpuPerRequest(
    servers,
    effort,
    async ({ url }) => (await saturateReads(await version.create(url), effort.seconds)).requests,
  );
  return [
    group(
      `Against Synapse, whole flows, ${name}: server CPU per request`,
      flows,
      isBudgeted ? BUDGETS.synapseFlows : undefined,
    ),
    group(
      `Against Synapse, saturated reads, ${name}: server CPU per request`,
      reads,
      isBudgeted ? BUDGETS.synapseReads : undefined,
    ),
  ];
}

function group(name: string, [ours = [], synapse = []]: readonly number[][], budget: Budget | undefined): Group {
  const rows = [
    { name: "ours on Bun", rounds: ours, ours: true },
    { name: "Synapse", rounds: synapse, ours: false, against: "ours on Bun", budget },
  ];
  return { name, unit: "µs", rows, ...(budget && { isCharted: true }) };
}
