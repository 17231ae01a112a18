import { existsSync, readdirSync, readFileSync } from "node:fs";

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
    for (const thread of existsSync(this.#tasks) ? readdirSync(this.#tasks) : []) {
      const used = usedNs(`${this.#tasks}/${thread}/schedstat`);
      if (used !== undefined) this.#used.set(thread, used);
    }
    return [...this.#used.values()].reduce((sum, used) => sum + used, 0) / 1000;
  }
}

/** The CPU time of all processes of a program, whoever started them: it must have nothing else to do. */
export class ProgramClock {
  readonly #program: string;
  readonly #clocks = new Map<string, CpuClock>();

  /** @param program its name, as the system has it */
  constructor(program: string) {
    this.#program = program;
  }

  /** What they have used so far, in microseconds. One that began since the last time is counted from its beginning. */
  us(): number {
    for (const pid of readdirSync("/proc")) {
      if (/^\d+$/.test(pid) && !this.#clocks.has(pid) && nameOf(pid) === this.#program) {
        this.#clocks.set(pid, new CpuClock(Number(pid)));
      }
    }
    return [...this.#clocks.values()].reduce((sum, clock) => sum + clock.us(), 0);
  }
}

function nameOf(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return undefined;
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
