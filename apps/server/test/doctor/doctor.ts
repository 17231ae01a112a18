import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { Report } from "@matrix-rendezvous/doctor";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import { sign } from "../../../../packages/doctor/test/certificates.ts";
import { serverCommand } from "../server-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Doctor {
  readonly child: ChildProcess;
  readonly said: Promise<Said>;
}

/** Starts `matrix-rendezvous doctor`, which does not speak as a server: it shows ETags of sessions that are over. */
export function startDoctor(runtime: Runtime, args: readonly string[], env: NodeJS.ProcessEnv = {}): Doctor {
  const [command = "", ...words] = serverCommand(runtime, ["doctor", ...args]);
  const child = spawn(command, words, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const said = once(child, "close").then(([code]): Said => ({ code: code as number | null, stdout, stderr }));
  return { child, said };
}

/** Runs it to its end. */
export function doctor(runtime: Runtime, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Said> {
  return startDoctor(runtime, args, env).said;
}

export function reportIn({ stdout }: Said): Report {
  return JSON.parse(stdout) as Report;
}

/** An authority that the doctor is told to trust. */
export const authority = sign("An Authority of This Test", undefined, { isAuthority: true });

const folder = temporaryFolder();
process.once("exit", () => folder.remove());
const file = join(folder.path, "authority.pem");
writeFileSync(file, authority.certificate);

/** Where each runtime looks for authorities. */
export const TRUSTING = { NODE_EXTRA_CA_CERTS: file, DENO_CERT: file };
