import { get } from "node:http";
import { join } from "node:path";
import { temporaryFolder } from "../../../apps/server/test/temporary-folder.ts";
import { UNSTABLE_2025 } from "../../../integration/src/paths.ts";
import { BUDGETS } from "../budgets.ts";
import type { Section } from "../section.ts";
import { RUNTIME_NAMES, RUNTIMES, type Runtime, startBare, startServer } from "../servers.ts";
import type { Target } from "../target.ts";
import { inTurns } from "../turns.ts";

interface Subject {
  readonly name: string;
  readonly runtime: Runtime;
  readonly ours: boolean;
  start(): Promise<Target>;
}

/** From starting the process to having its first answer; our server with its default store, a file. */
export const startUp: Section = {
  needs: [],
  async measure(effort) {
    const folder = temporaryFolder();
    const subjects = RUNTIMES.flatMap((runtime) => subjectsOn(runtime, `sqlite:${join(folder.path, "rendezvous.db")}`));
    const measured = await inTurns(subjects, effort, firstAnswerMs).finally(() => folder.remove());
    const rows = subjects.map(({ name, runtime, ours }, index) => ({
      name,
      ours,
      rounds: measured[index] ?? [],
      against: ours ? bareName(runtime) : undefined,
      budget: ours && runtime === "bun" ? BUDGETS.startUp : undefined,
    }));
    return [{ name: "Start-up: from starting the process to its first answer", unit: "ms", rows, isCharted: true }];
  },
};

function bareName(runtime: Runtime): string {
  return `bare server on ${RUNTIME_NAMES[runtime]}`;
}

function subjectsOn(runtime: Runtime, store: string): Subject[] {
  const [bare, ours] = [bareName(runtime), `ours on ${RUNTIME_NAMES[runtime]}`];
  return [
    { name: bare, runtime, ours: false, start: () => startBare(bare, runtime) },
    { name: ours, runtime, ours: true, start: () => startServer(ours, runtime, { store }) },
  ];
}

async function firstAnswerMs({ start }: Subject): Promise<number> {
  const startedAt = performance.now();
  const target = await start();
  await answered(target.url + UNSTABLE_2025);
  const ms = performance.now() - startedAt;
  await target.stop();
  return ms;
}

function answered(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, (answer) => answer.resume().once("end", resolve)).once("error", reject);
  });
}
