import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg, release, totalmem, type } from "node:os";
import process from "node:process";
import type { Machine } from "./measurement.ts";

const GIB = 1024 ** 3;

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / GIB),
    system: `${type()} ${release()}`,
    load: loadavg()[0] ?? Number.NaN,
  };
}

/** How each program says its version, where there is such a program. */
const PROGRAMS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  Bun: ["bun", "--version"],
  Deno: ["deno", "--version"],
  Redis: ["redis-server", "--version"],
  PostgreSQL: ["pg_config", "--version"],
  HAProxy: ["haproxy", "-v"],
  wrk: ["wrk", "-v"],
};

export function versions(): Record<string, string> {
  const found: Record<string, string> = { "matrix-rendezvous": commit(), Node: process.versions.node };
  for (const [name, [command, ...args]] of Object.entries(PROGRAMS)) {
    const version = versionOf(command, args);
    if (version !== undefined) found[name] = version;
  }
  const synapse = synapseVersion();
  return synapse === undefined ? found : { ...found, Synapse: synapse };
}

/** Of this repository, and whether anything has been changed since. */
function commit(): string {
  const { error, stdout } = spawnSync("git", ["describe", "--always", "--dirty"], { encoding: "utf8" });
  return error === undefined ? `at ${stdout.trim()}` : "of an unknown commit";
}

/** `undefined` where there is no such program. wrk says its version with its usage, which it calls a failure. */
function versionOf(command: string, args: readonly string[]): string | undefined {
  const { error, stdout, stderr } = spawnSync(command, args, { encoding: "utf8" });
  return error === undefined ? /\d+\.[\w.]+/.exec(stdout + stderr)?.[0] : undefined;
}

function synapseVersion(): string | undefined {
  const list = new URL("../../.services/synapse/installed.txt", import.meta.url);
  return existsSync(list) ? /^matrix-synapse==(\S+)$/m.exec(readFileSync(list, "utf8"))?.[1] : undefined;
}
