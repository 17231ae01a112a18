import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventually } from "../../apps/server/test/process-facts.ts";
import { temporaryFolder } from "../../apps/server/test/temporary-folder.ts";

const SCRIPT = fileURLToPath(new URL("machine.sh", import.meta.url));
const BOOT_PATIENCE_MS = 30_000;

/** A machine that systemd started: `machine.sh` says what it is made of. */
export interface Machine {
  /** Runs a program on it, to what it prints. @throws Error with what it printed where it fails */
  run(program: string, ...args: readonly string[]): string;
  /** Stops it, with all that runs on it. */
  off(): Promise<void>;
}

/** Boots one that has these files besides: where they are on it, and where they are here. */
export async function bootMachine(files: Readonly<Record<string, string>>): Promise<Machine> {
  const folder = temporaryFolder();
  for (const [there, here] of Object.entries(files)) {
    const target = join(folder.path, "files", there);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(here, target);
  }
  const namespaces = ["--pid", "--mount", "--uts", "--ipc", "--cgroup", "--fork", "--kill-child"];
  const child = spawn("unshare", [...namespaces, "bash", SCRIPT, folder.path], { stdio: ["ignore", "pipe", "pipe"] });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text: Buffer) => (printed += text));
  const ended = once(child, "close");
  const off = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    folder.remove();
  };
  const run = (program: string, ...args: readonly string[]): string => {
    // The first process of the namespaces is the machine's systemd.
    const first = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8").trim();
    return execFileSync("nsenter", [`--target=${first}`, "--all", "--root", program, ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  };
  const isUp = (): boolean => {
    try {
      return run("systemctl", "is-system-running", "--wait").trim() === "running";
    } catch {
      return child.exitCode !== null;
    }
  };
  const booted = (await eventually(isUp, BOOT_PATIENCE_MS)) && child.exitCode === null;
  if (booted) return { run, off };
  await off();
  throw new Error(`systemd did not start: ${printed}`);
}
