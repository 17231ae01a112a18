import { BUDGETS } from "../budgets.ts";
import { Child } from "../child.ts";
import type { Section } from "../section.ts";
import { commandOf, RUNTIME_NAMES, RUNTIMES, type Runtime } from "../servers.ts";
import { inTurns } from "../turns.ts";

/** So many where the budget is, and fewer where that would take long. */
const SESSIONS: Readonly<Record<Runtime, number>> = { bun: 1_000_000, node: 100_000, deno: 100_000 };

const COLLECTABLE: Readonly<Record<Runtime, readonly string[]>> = {
  bun: [],
  node: ["--expose-gc"],
  deno: ["--v8-flags=--expose-gc"],
};

/** What a live session takes of a process's memory, above its payload. */
export const sessionBytes: Section = {
  needs: [],
  async measure(effort) {
    const turns = { rounds: effort.longRounds, warmUps: 0 };
    const measured = await inTurns(RUNTIMES, turns, (runtime) => bytes(runtime, effort.part(SESSIONS[runtime])));
    const rows = RUNTIMES.map((runtime, index) => ({
      name: `${effort.part(SESSIONS[runtime]).toLocaleString("en-GB")} live on ${RUNTIME_NAMES[runtime]}`,
      rounds: measured[index] ?? [],
      ours: true,
      budget: runtime === "bun" ? BUDGETS.sessionBytes : undefined,
    }));
    return [{ name: "Memory per live session above its payload of 600 bytes, memory store", unit: "bytes", rows }];
  },
};

async function bytes(runtime: Runtime, sessions: number): Promise<number> {
  const command = commandOf(runtime, "./session-bytes/child.ts", [String(sessions)], COLLECTABLE[runtime]);
  const child = new Child(command);
  const answer = await child.hear<number>();
  await child.end();
  return answer;
}
