import { UNSTABLE_2025 } from "../../../integration/src/paths.ts";
import { BUDGETS } from "../budgets.ts";
import { bySize } from "../growth/by-size.ts";
import { onConnections } from "../load/client.ts";
import { PAYLOAD } from "../load/flows.ts";
import type { Section } from "../section.ts";
import { commandOf } from "../servers.ts";
import { startTarget, type Target, withTargets } from "../target.ts";
import { inTurns } from "../turns.ts";

const SIZES = [1_000, 1_000_000];
const CREATIONS = 10_000;

/** What a request costs that creates a session, with few and with many live ones: what growth comes to for who asks. */
export const growthHttp: Section = {
  needs: [],
  async measure(effort) {
    const sizes = SIZES.map((size) => effort.part(size));
    const starts = sizes.map(
      (size) => () => startTarget("a filled store", commandOf("bun", "./growth/server.ts", [String(size)])),
    );
    const rounds = await withTargets(starts, (targets) =>
      inTurns(targets, effort, (target) => creation(target, effort.part(CREATIONS))),
    );
    return [bySize("Growth, memory: create over HTTP: server CPU per request", sizes, rounds, BUDGETS.growth)];
  },
};

/** Microseconds. Leaves as many live sessions as there were. */
async function creation({ url, cpu }: Target, creations: number): Promise<number> {
  const body = JSON.stringify({ data: PAYLOAD });
  const ids: string[] = [];
  const before = cpu.us();
  const requests = await onConnections(creations, async (client) => {
    const answer = await client.ask("POST", url + UNSTABLE_2025, { "Content-Type": "application/json" }, body);
    ids.push(JSON.parse(answer.text).id);
  });
  const us = (cpu.us() - before) / requests;
  await onConnections(creations, async (client) => {
    await client.ask("DELETE", `${url}${UNSTABLE_2025}/${ids.pop()}`);
  });
  return us;
}
