import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import {
  listening,
  NO_RATES,
  type Program,
  RUNTIMES,
  runOn,
  type ServerProcess,
} from "../../server/test/server-process.ts";

export { RUNTIMES };

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Starts the proxy on `runtime` with these flags, whatever comes of it. */
export function run(runtime: Runtime, flags: readonly string[], environment: NodeJS.ProcessEnv = {}): Program {
  return runOn(runtime, [MAIN, ...flags], environment);
}

/** A proxy that has said where it listens. */
export interface ProxyProcess extends ServerProcess {
  readonly port: number;
  /** What it has logged, a line each, but for what sessions came to. */
  logged(): string;
  /** What it occupies of the machine's memory, in MiB. */
  residentMiB(): number;
}

/** Starts the proxy on a free port, waits until it listens, and makes sure that it is on the runtime it was to be on. */
export async function startProxy(
  runtime: Runtime,
  homeserver: string,
  flags: readonly string[] = ["--mode", "open"],
  environment: NodeJS.ProcessEnv = {},
): Promise<ProxyProcess> {
  const always = ["--homeserver", homeserver, "--port", "0", "--store", "memory:", ...NO_RATES];
  const server = await listening(run(runtime, [...always, ...flags], environment), runtime);
  return {
    ...server,
    port: Number(new URL(server.url).port),
    logged: () => logged(server.stdout()),
    residentMiB: () => residentMiB(server.child.pid),
  };
}

function logged(stdout: string): string {
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const messages = lines.map((line): string => JSON.parse(line).msg);
  return messages.filter((message) => message !== "session cancelled").join("\n");
}

function residentMiB(pid = 0): number {
  const status = `/proc/${pid}/status`;
  const kib = existsSync(status)
    ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(status, "utf8"))?.[1]
    : execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" });
  return Number(kib) / 1024;
}
