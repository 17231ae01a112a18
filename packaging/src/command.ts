/** Programs as somebody else would run them, who has nothing of this repository. */
import { execFile } from "node:child_process";
import { mkdir, realpath, symlink } from "node:fs/promises";
import { delimiter } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { ROOT } from "./packed.ts";

/**
 * The variables of somebody whose home is `home`, an empty folder: all caches will be in there, every package manager
 * asks `registry`, and of what this repository has installed the path leads to the runtimes alone.
 */
export async function environment(home: string, registry: string): Promise<NodeJS.ProcessEnv> {
  const runtimes = `${home}/runtimes`;
  await mkdir(runtimes);
  for (const name of ["node", "bun", "bunx", "deno"]) {
    await symlink(await realpath(`${ROOT}node_modules/.bin/${name}`), `${runtimes}/${name}`);
  }
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => !folder.includes("node_modules"));
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|deno_|bun_|vitest|node_)/i.test(name));
  const own = { HOME: home, TMPDIR: home, PATH: [runtimes, ...path].join(delimiter), NPM_CONFIG_REGISTRY: registry };
  return { ...Object.fromEntries(kept), ...own };
}

/** Runs a program to its end, and gives what it printed; rejects with all of that where it does not succeed. */
export async function run(line: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const [command = "", ...args] = line.split(" ");
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, env, maxBuffer: 1 << 24 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${line}\n${stdout}\n${stderr}`, { cause: error });
  }
}
