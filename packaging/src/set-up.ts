/** Before the first test: packs everything, and starts a registry that has it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import type { TestProject } from "vitest/node";
import { environment, run } from "./command.ts";
import { packed, ROOT } from "./packed.ts";
import { publish, startRegistry } from "./registry.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The URL of the registry. */
    registry: string;
  }
}

export default async function setUp({ provide }: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "registry-"));
  await run("npm run pack", ROOT, process.env);
  const registry = await startRegistry(folder, process.env);
  provide("registry", registry.url);
  await publish(packed(), folder, await environment(folder, registry.url));
  return async () => {
    await registry.close();
    await rm(folder, { recursive: true });
  };
}
