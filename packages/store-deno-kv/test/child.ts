import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** Starts a program of this folder in a process of its own. */
export function startChild(program: string, ...args: string[]): ChildProcess {
  const file = fileURLToPath(new URL(program, import.meta.url));
  const flags = ["run", "-A", "--no-check", "--unstable-kv"];
  return spawn(process.execPath, [...flags, file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
}

/** What it printed, once it has ended by itself; rejects where it failed. */
export async function outputOf(child: ChildProcess): Promise<string> {
  let output = "";
  child.stdout?.on("data", (bytes) => {
    output += bytes;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`the child process ended with ${code}`);
  return output;
}
