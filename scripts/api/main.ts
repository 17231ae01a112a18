/**
 * Writes into `api/` what each package exports, so that a review sees it change; with `--check`, fails where a file there
 * says something else.
 */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { emitDeclarations } from "../pack/declarations.ts";
import { exportsOf, publishables } from "../pack/publishable.ts";
import { surfaceOf } from "./surface.ts";

const FOLDER = "dist/api";

rmSync(FOLDER, { recursive: true, force: true });
emitDeclarations(FOLDER, "--removeComments");
// What is a command alone exports nothing: its interface are its flags.
const libraries = publishables().filter(({ manifest }) => Object.keys(exportsOf(manifest)).length > 0);
const reports = await Promise.all(
  libraries.map(async (library): Promise<[string, string]> => {
    return [`${library.target.replace("dist/packages", "api")}.md`, await surfaceOf(library, FOLDER)];
  }),
);
const stale = reports.filter(([path, text]) => !existsSync(path) || readFileSync(path, "utf8") !== text);
const surplus = globSync("api/*.md").filter((path) => !reports.some(([written]) => written === path));
if (process.argv.includes("--check")) {
  for (const path of [...stale.map(([path]) => path), ...surplus]) console.error(`${path} is stale: npm run api`);
  process.exitCode = stale.length + surplus.length > 0 ? 1 : 0;
} else {
  mkdirSync("api", { recursive: true });
  for (const [path, text] of stale) writeFileSync(path, text);
  for (const path of surplus) rmSync(path);
}
