import { fileURLToPath } from "node:url";
import { startTarget, type Target, type TargetOptions } from "./target.ts";

export const RUNTIMES = ["bun", "node", "deno"] as const;
export type Runtime = (typeof RUNTIMES)[number];

export const RUNTIME_NAMES: Readonly<Record<Runtime, string>> = { bun: "Bun", node: "Node", deno: "Deno" };

const COMMANDS: Readonly<Record<Runtime, readonly string[]>> = {
  bun: ["bun"],
  node: ["node"],
  deno: ["deno", "run", "-A"],
};

const MAIN = fileURLToPath(new URL("../../apps/server/src/main.ts", import.meta.url));

/** The command that runs a file of this folder on a runtime, to which `flags` are. */
export function commandOf(
  runtime: Runtime,
  file: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): readonly string[] {
  return [...COMMANDS[runtime], ...flags, fileURLToPath(new URL(file, import.meta.url)), ...args];
}

/** The command that runs our server, on any free port and open to all. */
export function serverCommand(runtime: Runtime, flags: readonly string[]): readonly string[] {
  return [...COMMANDS[runtime], MAIN, "--mode", "open", "--port", "0", "--log-level", "warn", ...flags];
}

const MOST = "1000000:1000000";

/** Limits on rates are there, as they are by default; so high that one client can be all of the load. */
export const RATES = ["--rate-create", MOST, "--rate-read", MOST, "--rate-write", MOST] as const;
export const NO_RATES = ["--rate-create", "off", "--rate-read", "off", "--rate-write", "off"] as const;
const CAPS = ["--max-sessions", "10000000", "--max-sessions-per-owner", "10000000"] as const;

export interface ServerOptions extends TargetOptions {
  /** @default "memory:" */
  readonly store?: string;
  /** @default `RATES` */
  readonly rates?: readonly string[];
  readonly flags?: readonly string[];
}

/** Starts our server. */
export function startServer(name: string, runtime: Runtime, options: ServerOptions = {}): Promise<Target> {
  const { store = "memory:", rates = RATES, flags = [], ...rest } = options;
  return startTarget(name, serverCommand(runtime, ["--store", store, ...CAPS, ...rates, ...flags]), rest);
}

/** Starts what answers the same bytes, and does nothing else. */
export function startBare(name: string, runtime: Runtime): Promise<Target> {
  return startTarget(name, commandOf(runtime, `./bare/${runtime}.ts`));
}
