/** Fails where a package is not the same thing on npm (`package.json`) and on JSR (`deno.json`). */
import { existsSync, readdirSync, readFileSync } from "node:fs";

type Manifest = { name: string; version: string; license: string; exports: unknown };

/** What is on npm alone, and why. */
const NPM_ONLY: Readonly<Record<string, string>> = {
  playground: "it reads its page from files beside it, and from JSR nothing comes onto a disk",
};

const read = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8"));
const normal = (exports: unknown): string => JSON.stringify(typeof exports === "string" ? { ".": exports } : exports);

const differences = readdirSync("packages").flatMap((folder) => {
  const isOnJsr = existsSync(`packages/${folder}/deno.json`);
  if (isOnJsr === Object.hasOwn(NPM_ONLY, folder)) return [`packages/${folder}: a deno.json, or a reason to have none`];
  if (!isOnJsr) return [];
  const npm = read(`packages/${folder}/package.json`);
  const jsr = read(`packages/${folder}/deno.json`);
  const fields = (["name", "version", "license"] as const).filter((field) => npm[field] !== jsr[field]);
  const differing = normal(npm.exports) === normal(jsr.exports) ? fields : [...fields, "exports"];
  return differing.map((field) => `packages/${folder}: ${field} differs between package.json and deno.json`);
});
for (const difference of differences) console.error(difference);
process.exitCode = differences.length > 0 ? 1 : 0;
