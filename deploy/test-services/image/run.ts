import { chmodSync, chownSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Program, start } from "../../../apps/server/test/server-process.ts";
import type { Image } from "./build.ts";

const SCRIPT = fileURLToPath(new URL("container.sh", import.meta.url));

/** A new volume: an empty folder that has the owner and the rights of the image's own. */
export function newVolume({ root, volume }: Image, folder: string): string {
  const path = join(folder, "volume");
  const { uid, gid, mode } = statSync(join(root, volume));
  mkdirSync(path);
  chownSync(path, uid, gid);
  chmodSync(path, mode & 0o7777);
  return path;
}

/** Runs a program in the image with this volume, as an engine does: `container.sh` says how. */
export function runContainer(
  image: Image,
  volume: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Program {
  const namespaces = ["--pid", "--mount", "--ipc", "--uts", "--fork", "--kill-child"];
  const container = [SCRIPT, image.root, volume, image.volume, image.user, image.folder];
  const env = { ...image.environment, ...environment };
  return start("unshare", [...namespaces, "bash", ...container, ...words], { env });
}
