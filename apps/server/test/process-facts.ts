import { readdirSync, readFileSync } from "node:fs";
import type { ServerProcess } from "./server-process.ts";

/** What a process occupies at a moment, by Linux' /proc. */
export interface Occupied {
  readonly rssMiB: number;
  readonly descriptors: number;
}

export function occupied({ child }: ServerProcess): Occupied {
  const folder = `/proc/${child.pid}`;
  const [, rssKib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`${folder}/status`, "utf8")) ?? [];
  if (rssKib === undefined) throw new Error(`no memory is told of process ${child.pid}`);
  return { rssMiB: Number(rssKib) / 1024, descriptors: readdirSync(`${folder}/fd`).length };
}

/** How long it has been computing, in seconds. */
export function cpuSeconds({ child }: ServerProcess): number {
  const stat = readFileSync(`/proc/${child.pid}/stat`, "utf8");
  const [user, system] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13);
  // Linux counts in hundredths of a second, whatever the kernel's own tick is.
  return (Number(user) + Number(system)) / 100;
}

/** Looks until it holds; says whether it did within `patienceMs`. */
export async function eventually(holds: () => boolean, patienceMs: number): Promise<boolean> {
  const patience = AbortSignal.timeout(patienceMs);
  while (!holds()) {
    if (patience.aborted) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
