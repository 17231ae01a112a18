import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable } from "node:stream";
import { CpuClock } from "./cpu.ts";

/** The core of every server that is measured. What asks it is on another: `npm run bench` sees to that. */
export const SERVER_CORE = "0";

/** A server under measurement. */
export interface Target {
  readonly name: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly cpu: CpuClock;
  stop(): Promise<void>;
}

export interface TargetOptions {
  /** As `taskset` takes them. @default the servers' core alone */
  readonly cores?: string;
}

/** Starts `command`, and waits until it says where it listens. */
export async function startTarget(
  name: string,
  command: readonly string[],
  { cores = SERVER_CORE }: TargetOptions = {},
): Promise<Target> {
  const child = spawn("taskset", ["-c", cores, ...command], { stdio: ["ignore", "pipe", "inherit"] });
  // From here on, so that one that has ended by itself is not waited for.
  const ended = once(child, "close");
  const url = await listeningUrl(child.stdout);
  // Else what it prints later would fill the pipe, and hold it up.
  child.stdout.resume();
  if (url === undefined || child.pid === undefined) throw new Error(`${name} did not say where it listens`);
  return { name, url, cpu: new CpuClock(child.pid), stop };

  async function stop(): Promise<void> {
    child.kill("SIGKILL");
    await ended;
  }
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

/** Gives `use` what `start` starts, and stops it whatever comes. */
export async function withTargets<T>(
  starts: readonly (() => Promise<Target>)[],
  use: (targets: readonly Target[]) => Promise<T>,
): Promise<T> {
  const targets: Target[] = [];
  try {
    for (const start of starts) targets.push(await start());
    return await use(targets);
  } finally {
    for (const target of targets) await target.stop();
  }
}
