import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

const COMMANDS: Record<Runtime, readonly [string, ...string[]]> = {
  node: ["node"],
  bun: ["bun"],
  deno: ["deno", "run", "-A"],
};

export const RUNTIMES: readonly Runtime[] = ["node", "bun", "deno"];

/** A started program, and all that it has printed. */
export interface Program {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** Starts the proxy on `runtime` with these flags, whatever comes of it. */
export function run(runtime: Runtime, flags: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  const [command, ...args] = COMMANDS[runtime];
  const env = { ...process.env, ...environment };
  const child = spawn(command, [...args, MAIN, ...flags], { env, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** A proxy that has said where it listens. */
export interface ProxyProcess extends Program {
  readonly url: string;
  readonly port: number;
  /** What it occupies of the machine's memory, in MiB. */
  residentMiB(): number;
  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Starts the proxy on a free port, waits until it listens, and makes sure that it is on the runtime it was to be on. */
export async function startProxy(
  runtime: Runtime,
  homeserver: string,
  flags: readonly string[] = ["--mode", "open"],
  environment: NodeJS.ProcessEnv = {},
): Promise<ProxyProcess> {
  const always = ["--homeserver", homeserver, "--port", "0", "--store", "memory:"];
  const program = run(runtime, [...always, ...flags], environment);
  let ended = false;
  void program.ended.then(() => {
    ended = true;
  });
  const line = /listens on (http:\S+) in front of \S+ \(.*, (Node|Bun|Deno) [\d.]+\)/;
  while (!line.test(program.stdout())) {
    if (ended) throw new Error(`the proxy ended: ${program.stderr()}`);
    await Promise.race([program.ended, once(program.child.stdout ?? program.child, "data")]);
  }
  const [, url = "", name = ""] = line.exec(program.stdout()) ?? [];
  if (name.toLowerCase() !== runtime) throw new Error(`the proxy was to run on ${runtime}, not on ${name}`);
  const stop = (): Promise<number | null> => {
    program.child.kill("SIGTERM");
    return program.ended;
  };
  return { ...program, url, port: Number(new URL(url).port), stop, residentMiB: () => residentMiB(program.child.pid) };
}

function residentMiB(pid = 0): number {
  const status = `/proc/${pid}/status`;
  const kib = existsSync(status)
    ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(status, "utf8"))?.[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kib) / 1024;
}
