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

const SERVER = fileURLToPath(new URL("../../apps/server/src/main.ts", import.meta.url));
const PROXY = fileURLToPath(new URL("../../apps/synapse-proxy/src/main.ts", import.meta.url));
/** On any free port, open to all. */
const ALWAYS = ["--mode", "open", "--port", "0", "--log-level", "warn"] as const;

/** The command that runs a file of this folder on a runtime, to which `flags` are. */
export function commandOf(
  runtime: Runtime,
  file: string,
  args: readonly string[] = [],
  flags: readonly string[] = [],
): readonly string[] {
  return [...COMMANDS[runtime], ...flags, fileURLToPath(new URL(file, import.meta.url)), ...args];
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
  const command = [...COMMANDS[runtime], SERVER, ...ALWAYS, "--store", store, ...CAPS, ...rates, ...flags];
  return startTarget(name, command, rest);
}

/** Starts our proxy in front of a homeserver. */
export function startProxy(name: string, runtime: Runtime, homeserver: string): Promise<Target> {
  const command = [...COMMANDS[runtime], PROXY, ...ALWAYS, "--store", "memory:", "--homeserver", homeserver];
  return startTarget(name, command);
}

/** Starts what answers the same bytes, and does nothing else. */
export function startBare(name: string, runtime: Runtime): Promise<Target> {
  return startTarget(name, commandOf(runtime, `./bare/${runtime}.ts`));
}

/** Starts what answers the same bytes on Bun, and before that looks at what ours has to look at. */
export function startLooking(name: string): Promise<Target> {
  return startTarget(name, commandOf("bun", "./bare/bun-looking.ts"));
}
