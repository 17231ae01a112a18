import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import { tellsNothing } from "./overheard.ts";

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
  /** The exit code, once it has ended; rejects where it has written what was a secret of its clients. */
  readonly ended: Promise<number | null>;
}

/** Starts the standalone server on `runtime` with these flags, whatever comes of it. */
export function run(runtime: Runtime, flags: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  return runOn(runtime, [MAIN, ...flags], environment);
}

/** Starts a program of this repository on `runtime`: the path of its first file, and its flags. */
export function runOn(runtime: Runtime, words: readonly string[], environment: NodeJS.ProcessEnv): Program {
  const [command, ...args] = COMMANDS[runtime];
  return start(command, [...args, ...words], { env: { ...process.env, ...environment } });
}

/** The words that start the standalone server on `runtime` with these flags, for who starts it by another program. */
export function serverCommand(runtime: Runtime, flags: readonly string[]): readonly string[] {
  return [...COMMANDS[runtime], MAIN, ...flags];
}

/** Starts any program, and listens to what it prints. */
export function start(command: string, args: readonly string[], options: SpawnOptions): Program {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = once(child, "close").then(([code]) => {
    tellsNothing(stdout + stderr);
    return code as number | null;
  });
  return { child, ended, stdout: () => stdout, stderr: () => stderr };
}

/** A server that has said where it listens. */
export interface ServerProcess extends Program {
  readonly url: string;
  /** Where its operations listener is; empty where it has none. */
  readonly opsUrl: string;
  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | null>;
}

/** Tests ask in one second, from one address, what many people ask in many. */
export const NO_RATES: readonly string[] = ["--rate-create", "off", "--rate-read", "off", "--rate-write", "off"];

/** Starts the server on a free port, without rate limits, open to all unless `flags` say otherwise, and waits until it listens. */
export function startServer(
  runtime: Runtime,
  flags: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Promise<ServerProcess> {
  return listening(run(runtime, ["--port", "0", "--mode", "open", ...NO_RATES, ...flags], environment), runtime);
}

/** Waits until the program says where it listens, and makes sure that it is on the runtime it was to be on. */
export async function listening(program: Program, runtime: Runtime): Promise<ServerProcess> {
  let ended = false;
  void program.ended.then(() => (ended = true));
  const line = /listens on (http:\S+) \(.*, (Node|Bun|Deno) [\d.]+(?:, operations on (http:\S+))?\)/;
  while (!line.test(program.stdout())) {
    if (ended) throw new Error(`the server ended: ${program.stderr()}`);
    await Promise.race([program.ended, once(program.child.stdout ?? program.child, "data")]);
  }
  const [, url = "", name = "", opsUrl = ""] = line.exec(program.stdout()) ?? [];
  if (name.toLowerCase() !== runtime) throw new Error(`the server was to run on ${runtime}, not on ${name}`);
  const stop = async (): Promise<number | null> => {
    if (opsUrl !== "") tellsNothing(await (await fetch(`${opsUrl}/metrics`)).text());
    program.child.kill("SIGTERM");
    return await program.ended;
  };
  return { ...program, url, opsUrl, stop };
}
