import { SHARED_STORES } from "../../../apps/server/test-services/stores.ts";
import { type Need, POSTGRES, REDIS } from "../../../scripts/needs.ts";
import { BUDGETS } from "../budgets.ts";
import { Child } from "../child.ts";
import { bySize } from "../growth/by-size.ts";
import type { Costs } from "../growth/operations.ts";
import type { Group } from "../measurement.ts";
import type { Effort, Section } from "../section.ts";
import { commandOf, type Runtime } from "../servers.ts";
import { inTurns } from "../turns.ts";

const SIZES = [1_000, 100_000, 1_000_000];
const OPERATIONS = 4_000;
const KINDS = ["create", "read", "write", "cancel"] as const;

/** What an operation takes with few and with many live sessions, in memory. */
export const growth: Section = {
  needs: [],
  measure: (effort) => grow("memory", "bun", effort, () => ({ url: "memory:", remove: () => {} })),
};

export const growthSqlite: Section = { needs: [], measure: (effort) => growShared("SQLite", "bun", effort) };

const onRequest = (name: string, needs: readonly Need[], runtime: Runtime = "bun"): Section => ({
  needs,
  onRequest: true,
  measure: (effort) => growShared(name, runtime, effort),
});

export const growthRedis: Section = onRequest("Redis", [REDIS]);
export const growthPostgres: Section = onRequest("PostgreSQL", [POSTGRES]);
export const growthDenoKv: Section = onRequest("Deno KV", [], "deno");

function growShared(name: string, runtime: Runtime, effort: Effort): Promise<Group[]> {
  const store = SHARED_STORES.find((shared) => shared.name === name);
  if (store === undefined) throw new Error(`there is no ${name} among the stores`);
  return grow(name, runtime, effort, () => store.fresh());
}

/** Each size has a process and a store of its own, and they take turns. */
async function grow(
  name: string,
  runtime: Runtime,
  effort: Effort,
  fresh: () => { readonly url: string; remove(): void },
): Promise<Group[]> {
  const stores = SIZES.map((size) => ({ size: effort.part(size), ...fresh() }));
  const operations = String(effort.part(OPERATIONS));
  const children = stores.map(
    ({ url, size }) => new Child(commandOf(runtime, "./growth/child.ts", [url, String(size), operations])),
  );
  try {
    for (const child of children) await child.hear();
    const measured = await inTurns(children, effort, (child) => child.ask<Costs>());
    const sizes = stores.map(({ size }) => size);
    return KINDS.map((kind) => {
      const rounds = measured.map((costs) => costs.map((round) => round[kind]));
      const budget = name === "memory" && kind === "create" ? BUDGETS.growth : undefined;
      return bySize(`Growth, ${name}: ${kind}`, sizes, rounds, budget);
    });
  } finally {
    for (const child of children) await child.end();
    for (const { remove } of stores) remove();
  }
}
