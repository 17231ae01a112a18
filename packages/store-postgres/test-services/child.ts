import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { runtime } from "@matrix-rendezvous/testkit/runner";

/** Starts a program of this folder in a process of its own, on the runtime that the tests run on. */
export function startChild(program: string, ...args: string[]): ChildProcess {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const flags = runtime === "deno" ? ["run", "-A", "--no-check"] : [];
  return spawn(process.execPath, [...flags, file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}
