import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";

/** How long a program may take to be ready, in milliseconds. */
const PATIENCE_MS = 60_000;

// A program ends with the test that started it, however that ends: its standard input closes then.
const KEPT = 'exec 3<&0; (read -r _ <&3; kill -TERM $$ 2>&-) & exec "$@" </dev/null';

/** A program of somebody else's that a test has started. */
export interface Program {
  readonly pid: number;
  /** Everything that it has printed. */
  readonly output: () => string;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

/**
 * Starts a program and waits until `url` is answered, whatever the answer.
 *
 * @param missing what to do where the program cannot be started
 */
export async function startProgram(
  command: readonly string[],
  url: string,
  missing: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<Program> {
  const env = { ...process.env, ...environment };
  const child = spawn("sh", ["-c", KEPT, "sh", ...command], { stdio: "pipe", env });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = once(child, "exit");
  const patience = AbortSignal.timeout(PATIENCE_MS);
  while (!(await answers(url))) {
    if (child.exitCode !== null || patience.aborted) {
      child.stdin.end();
      throw new Error(`${command[0]} did not start (${missing}): ${output.slice(-2000)}`);
    }
    await pause(20);
  }
  return { pid: child.pid ?? 0, output: () => output, stop: () => stop(child, ended) };
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  child.stdin?.end();
  await ended;
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1_000), redirect: "manual" });
    await answer.body?.cancel();
    return true;
  } catch {
    return false;
  }
}

const given = new Set<number>();

/**
 * A port that was free a moment ago, and is given only once: below those that the system takes for connections and for
 * listeners that want any, and above those of the tests of Redis.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 30_000 + Math.floor(Math.random() * 2_700);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

/** Whether nobody listens on a port at the moment. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const listener = createServer().once("error", () => resolve(false));
    listener.listen(port, "127.0.0.1", () => listener.close(() => resolve(true)));
  });
}
