import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Readable } from "node:stream";

/** A server under measurement, on a core of its own. */
export interface Target {
  readonly name: string;
  readonly url: string;
  /** CPU time that the process has used so far, user and system, in microseconds. */
  cpuUs(): number;
  stop(): Promise<void>;
}

/** Linux counts a process's time in hundredths of a second. */
const TICK_US = 10_000;
const SERVER_CORE = "0";

/** Starts `command`, and waits until it says where it listens. */
export async function startTarget(name: string, command: readonly string[]): Promise<Target> {
  const child: ChildProcess = spawn("taskset", ["-c", SERVER_CORE, ...command], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("no standard output");
  const url = await listeningUrl(child.stdout);
  // Else what it prints later would fill the pipe, and hold it up.
  child.stdout.resume();
  if (url === undefined) throw new Error(`${name} did not say where it listens`);
  return {
    name,
    url,
    cpuUs() {
      // Fields 14 and 15; the name in parentheses before them may have spaces of its own.
      const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8")
        .replace(/^.*\) /, "")
        .split(" ");
      return (Number(fields[11]) + Number(fields[12])) * TICK_US;
    },
    async stop() {
      child.kill("SIGKILL");
      await once(child, "close");
    },
  };
}

/** A store may have something to say first. */
async function listeningUrl(stdout: Readable): Promise<string | undefined> {
  let said = "";
  for await (const text of stdout.iterator({ destroyOnReturn: false })) {
    said += text;
    const url = /listens on (http:\/\/[\w.:]+)/.exec(said)?.[1];
    if (url !== undefined) return url;
  }
  return undefined;
}
