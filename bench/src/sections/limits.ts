import { SHARED_STORES } from "../../../apps/server/test-services/stores.ts";
import { REDIS } from "../../../scripts/needs.ts";
import { flows2025 } from "../load/flows.ts";
import type { Group } from "../measurement.ts";
import { cpuPerRequest } from "../per-request.ts";
import type { Effort, Section } from "../section.ts";
import { NO_RATES, RATES, startServer } from "../servers.ts";
import { withTargets } from "../target.ts";

const FLOWS = 500;
const METRICS = ["--ops-port", "0"];

interface Setting {
  readonly name: string;
  readonly rates: readonly string[];
  readonly flags?: readonly string[];
}

const NEITHER: Setting = { name: "neither", rates: NO_RATES };

/** What rate limits and metrics cost a request, in one process that keeps sessions and limits in memory. */
export const limits: Section = {
  needs: [],
  async measure(effort) {
    const settings = [
      NEITHER,
      { name: "rate limits", rates: RATES },
      { name: "metrics", rates: NO_RATES, flags: METRICS },
      { name: "both", rates: RATES, flags: METRICS },
    ];
    return [await cost("Rate limits and metrics, memory: server CPU per request", "memory:", settings, effort)];
  },
};

/** The same of rate limits that processes share through Redis. */
export const limitsRedis: Section = {
  needs: [REDIS],
  async measure(effort) {
    const redis = SHARED_STORES.find(({ name }) => name === "Redis");
    if (redis === undefined) throw new Error("there is no Redis among the stores");
    const { url, remove } = redis.fresh();
    const settings = [NEITHER, { name: "rate limits", rates: RATES }];
    const group = cost("Rate limits, Redis: server CPU per request", url, settings, effort);
    return [await group.finally(remove)];
  },
};

async function cost(name: string, store: string, settings: readonly Setting[], effort: Effort): Promise<Group> {
  const starts = settings.map((setting) => () => startServer(setting.name, "bun", { store, ...setting }));
  const measured = await withTargets(starts, (targets) =>
    cpuPerRequest(targets, effort, ({ url }) => flows2025(url, effort.part(FLOWS))),
  );
  const rows = settings.map((setting, index) => ({
    name: setting.name,
    rounds: measured[index] ?? [],
    ours: true,
    against: setting === NEITHER ? undefined : NEITHER.name,
  }));
  return { name, unit: "µs", rows };
}
