import { BUDGETS, type Budget } from "../budgets.ts";
import { Child } from "../child.ts";
import type { Section } from "../section.ts";
import { commandOf, RUNTIME_NAMES, type Runtime } from "../servers.ts";
import { inTurns } from "../turns.ts";

interface Subject {
  readonly runtime: Runtime;
  /** Core alone, which is what the budget is about, or core behind the HTTP layer, whose requests leave gaps in memory. */
  readonly way: "core" | "http";
  readonly sessions: number;
  readonly budget?: Budget;
}

/** So many where the budget is, and fewer to see what grows, and where more would take long. */
const SUBJECTS: readonly Subject[] = [
  { runtime: "bun", way: "core", sessions: 100_000 },
  { runtime: "bun", way: "core", sessions: 1_000_000, budget: BUDGETS.sessionBytes },
  { runtime: "bun", way: "http", sessions: 1_000_000 },
  { runtime: "node", way: "http", sessions: 100_000 },
  { runtime: "deno", way: "http", sessions: 100_000 },
];

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
    const subjects = SUBJECTS.map((subject) => ({ ...subject, sessions: effort.part(subject.sessions) }));
    const measured = await inTurns(subjects, turns, bytes);
    const rows = subjects.map(({ runtime, way, sessions, budget }, index) => ({
      name: `${sessions.toLocaleString("en-GB")} live on ${RUNTIME_NAMES[runtime]}, ${way === "core" ? "core alone" : "through HTTP"}`,
      rounds: measured[index] ?? [],
      ours: true,
      budget,
    }));
    return [{ name: "Memory per live session above its payload of 600 bytes, memory store", unit: "bytes", rows }];
  },
};

async function bytes({ runtime, way, sessions }: Subject): Promise<number> {
  const command = commandOf(runtime, "./session-bytes/child.ts", [way, String(sessions)], COLLECTABLE[runtime]);
  const child = new Child(command);
  const answer = await child.hear<number>();
  await child.end();
  return answer;
}
