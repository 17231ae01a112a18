/**
 * Gives every package its next version: what `changeset version` makes of the changesets, and then what has the version
 * besides, which are JSR's manifests, the ranges of workspaces that are not published, and the lock.
 */
import { execFileSync } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";

/** A package of this workspace and the range in which another one takes it. A command's name can be a package's, too. */
const RANGE = /("(?:@matrix-rendezvous\/[^"]+|matrix-rendezvous)": ")\d[^"]*"/g;

type LockEntry = Record<string, unknown> & { link?: boolean };

const read = (path: string): string => readFileSync(path, "utf8");
const versionOf = (path: string): string => JSON.parse(read(path)).version;
const rewrite = (path: string, change: (text: string) => string): void => writeFileSync(path, change(read(path)));

execFileSync("changeset", ["version"], { stdio: "inherit" });
const version = versionOf("packages/core/package.json");

const { workspaces }: { workspaces: string[] } = JSON.parse(read("package.json"));
const manifests = globSync(workspaces.map((pattern) => `${pattern}/package.json`));
for (const path of manifests) rewrite(path, (text) => text.replace(RANGE, `$1${version}"`));
for (const path of globSync(["{packages,apps}/*/package.json", "packages/*/deno.json"])) {
  rewrite(path, (text) => text.replace(/("version": )"[^"]*"/, `$1"${version}"`));
}

const lock: { packages: Record<string, LockEntry> } = JSON.parse(read("package-lock.json"));
for (const path of manifests) {
  const manifest = JSON.parse(read(path));
  const entry = lock.packages[path.replace("/package.json", "")];
  if (entry === undefined) throw new Error(`package-lock.json does not have ${path}: npm install`);
  for (const field of ["version", "dependencies", "devDependencies", "peerDependencies"]) {
    if (field in entry) entry[field] = sorted(manifest[field]);
  }
}
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`Every package is ${version}`);

/** As npm writes it. */
function sorted(value: string | Record<string, string>): unknown {
  if (typeof value === "string") return value;
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)));
}
