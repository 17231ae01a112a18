import { readdirSync, readFileSync } from "node:fs";

/** The CPU time of a process: user and system, all of its threads, by Linux' own account, which is in nanoseconds. */
export class CpuClock {
  readonly #tasks: string;
  /** By thread: one that has ended has used what it had when it was last looked at. */
  readonly #used = new Map<string, number>();

  constructor(pid: number) {
    this.#tasks = `/proc/${pid}/task`;
  }

  /** What it has used so far, in microseconds. */
  us(): number {
    for (const thread of readdirSync(this.#tasks)) {
      const used = usedNs(`${this.#tasks}/${thread}/schedstat`);
      if (used !== undefined) this.#used.set(thread, used);
    }
    return [...this.#used.values()].reduce((sum, used) => sum + used, 0) / 1000;
  }
}

/** `undefined` where the thread has just ended. */
function usedNs(path: string): number | undefined {
  try {
    return Number(readFileSync(path, "utf8").split(" ")[0]);
  } catch {
    return undefined;
  }
}
