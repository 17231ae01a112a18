import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import dockerignore from "@balena/dockerignore";
import { readDockerfile, type Step } from "./read.ts";

const BASE = fileURLToPath(new URL("base.sh", import.meta.url));

/** What an engine keeps of an image besides its files. */
export interface Image {
  /** The folder that has its files. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly user: string;
  readonly folder: string;
  readonly volume: string;
  readonly port: string;
  readonly stopSignal: string;
  readonly healthcheck: readonly string[];
  readonly entrypoint: readonly string[];
}

/** The files of a folder that are sent to the engine, which does not see the others. */
export function contextOf(folder: string, ignored: string): readonly string[] {
  const filter = dockerignore.default().add(ignored).createFilter();
  const entries = globSync("**/*", { cwd: folder, withFileTypes: true, exclude: () => false });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((path) => path.slice(folder.length + 1)).filter(filter);
}

/** Does what a Dockerfile says, in the empty folder `root`. @throws Error where that cannot be done */
export function buildImage(dockerfile: string, context: string, ignored: string, root: string): Image {
  const files = contextOf(context, ignored);
  const steps = readDockerfile(dockerfile);
  let environment: Record<string, string> = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" };
  let labels: Record<string, string> = {};
  for (const step of steps) {
    if (step.keyword === "FROM") base(step.image, root);
    else if (step.keyword === "RUN")
      execFileSync("chroot", [root, "/bin/sh", "-c", step.command], { env: environment });
    else if (step.keyword === "COPY") copy(step, context, files, root);
    else if (step.keyword === "ENV") environment = { ...environment, ...step.values };
    else if (step.keyword === "LABEL") labels = { ...labels, ...step.values };
    else if (step.keyword === "WORKDIR") mkdirSync(join(root, step.value), { recursive: true });
  }
  return {
    root,
    environment,
    labels,
    user: wordOf(steps, "USER"),
    folder: wordOf(steps, "WORKDIR"),
    volume: wordOf(steps, "VOLUME"),
    port: wordOf(steps, "EXPOSE"),
    stopSignal: wordOf(steps, "STOPSIGNAL"),
    healthcheck: wordsOf(steps, "HEALTHCHECK"),
    entrypoint: wordsOf(steps, "ENTRYPOINT"),
  };
}

/** This machine stands in for the image, if it is the same Debian. */
function base(image: string, root: string): void {
  const [, version] = /^debian:(\d+)\.\d+-slim$/.exec(image) ?? [];
  const system = readFileSync("/etc/os-release", "utf8");
  if (!system.includes("\nID=debian\n") || !system.includes(`\nVERSION_ID="${version}"\n`)) {
    throw new Error(`this machine is not what ${image} is`);
  }
  execFileSync("bash", [BASE, root]);
}

type Copy = Extract<Step, { keyword: "COPY" }>;

function copy({ from, to, mode }: Copy, context: string, files: readonly string[], root: string): void {
  if (!files.includes(from)) throw new Error(`COPY: the engine does not see ${from}`);
  const target = join(root, to);
  mkdirSync(dirname(target), { recursive: true });
  cpSync(join(context, from), target);
  if (mode !== undefined) chmodSync(target, mode);
}

type Valued = Extract<Step, { value: string }>;
type Worded = Extract<Step, { words: readonly string[] }>;

function wordOf(steps: readonly Step[], keyword: Valued["keyword"]): string {
  const found = steps.findLast((step): step is Valued => step.keyword === keyword);
  if (found === undefined) throw new Error(`the Dockerfile has no ${keyword}`);
  return found.value;
}

function wordsOf(steps: readonly Step[], keyword: Worded["keyword"]): readonly string[] {
  const found = steps.findLast((step): step is Worded => step.keyword === keyword);
  if (found === undefined) throw new Error(`the Dockerfile has no ${keyword}`);
  return found.words;
}
