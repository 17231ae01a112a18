/** Fails where a package exports something that has no docstring, or whose signature names a type that it keeps to itself. */
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Types of npm packages, which are for those to document: `deno doc` takes them for types that we keep to ourselves. */
const NOT_OURS = ["Context", "Counter", "GenericSchema", "Histogram", "Hono", "Registry"];

const entries = globSync("packages/*/deno.json").flatMap((path) => {
  const { exports } = JSON.parse(readFileSync(path, "utf8"));
  const modules: string[] = typeof exports === "string" ? [exports] : Object.values(exports);
  return modules.map((module) => join(dirname(path), module));
});
// All at once: what one package says in the types of another is exported there.
const { status, stderr } = spawnSync("deno", ["doc", "--lint", ...entries], {
  encoding: "utf8",
  env: { ...process.env, NO_COLOR: "1" },
});
const errors = stderr.split(/^(?=error\[)/m).filter((text) => text.startsWith("error["));
const isNotOurs = (error: string): boolean =>
  NOT_OURS.includes(/^error\[private-type-ref\].* references private type '(.*)'/.exec(error)?.[1] ?? "");
const ours = errors.filter((error) => !isNotOurs(error));
for (const error of ours) console.error(error);
if (status !== 0 && errors.length === 0) console.error(stderr);
process.exitCode = ours.length > 0 || (status !== 0 && errors.length === 0) ? 1 : 0;
