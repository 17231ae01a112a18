/** An empty project that every package is then installed into. */
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import { environment, run } from "./command.ts";
import { packed, ROOT } from "./packed.ts";

const SERVICES = {
  POSTGRES_URL: process.env["POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/test",
  REDIS_URL: process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379?prefix=packaging:",
};

export interface Consumer {
  readonly folder: string;
  /** Runs a program in the project, and gives what it printed. */
  run(line: string): Promise<string>;
  remove(): Promise<void>;
}

/** @param others what the project depends on besides our packages */
export async function consumer(
  runtime: Runtime,
  registry: string,
  others: Readonly<Record<string, string>>,
): Promise<Consumer> {
  const home = await mkdtemp(join(tmpdir(), `consumer-${runtime}-`));
  const folder = join(home, "project");
  await mkdir(folder);
  const ours = packed().map(({ manifest }) => [manifest.name, manifest.version]);
  const manifest = { private: true, type: "module", dependencies: { ...Object.fromEntries(ours), ...others } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await cp(`${ROOT}packaging/consumer`, folder, { recursive: true });
  const env = { ...(await environment(home, registry)), ...SERVICES, EXPECTED_RUNTIME: runtime };
  const remove = (): Promise<void> => rm(home, { recursive: true });
  return { folder, run: (line) => run(line, folder, env), remove };
}
