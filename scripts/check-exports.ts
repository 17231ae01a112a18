/** Fails where a package is not the same thing on npm (`package.json`) and on JSR (`deno.json`). */
import { readdirSync, readFileSync } from "node:fs";

type Manifest = { name: string; version: string; license: string; exports: unknown };

const read = (path: string): Manifest => JSON.parse(readFileSync(path, "utf8"));
const normal = (exports: unknown): string => JSON.stringify(typeof exports === "string" ? { ".": exports } : exports);

const differences = readdirSync("packages").flatMap((folder) => {
  const npm = read(`packages/${folder}/package.json`);
  const jsr = read(`packages/${folder}/deno.json`);
  const fields = (["name", "version", "license"] as const).filter((field) => npm[field] !== jsr[field]);
  const differing = normal(npm.exports) === normal(jsr.exports) ? fields : [...fields, "exports"];
  return differing.map((field) => `packages/${folder}: ${field} differs between package.json and deno.json`);
});
for (const difference of differences) console.error(difference);
process.exitCode = differences.length > 0 ? 1 : 0;
