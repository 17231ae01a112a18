import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "../../apps/server/test/temporary-folder.ts";

const BUILD = fileURLToPath(new URL("build.ts", import.meta.url));

/** The single binary, built into a folder that has nothing else and no `node_modules` above it. */
export function builtBinary(): { readonly path: string; readonly folder: string; remove(): void } {
  const { path: folder, remove } = temporaryFolder();
  const path = join(folder, "matrix-rendezvous");
  execFileSync("bun", [BUILD, path]);
  return { path, folder, remove };
}
