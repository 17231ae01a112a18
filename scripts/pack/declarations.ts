/** The declarations of all packages, by one run of the TypeScript compiler. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { exportsOf, type Publishable } from "./publishable.ts";

/** Relative imports of declarations, which the compiler leaves as they are in the source. */
const RELATIVE_IMPORT = /(from |import\()"(\.[^"]+)\.ts"/g;

/** Writes those of all packages into `folder`, where each is as it is in the workspace. */
export function emitDeclarations(folder: string, ...options: readonly string[]): void {
  const emit = ["--noEmit", "false", "--emitDeclarationOnly", "--rootDir", ".", "--outDir", folder];
  execFileSync("tsc", ["-p", "tsconfig.packages.json", ...emit, ...options], { stdio: "inherit" });
}

/**
 * Copies those of one package that its exports lead to into `target`: no others can be reached.
 *
 * @param imported what they call each other: compilers want the name of the JavaScript, Deno the one of the file
 */
export function copyDeclarations(
  { source, manifest }: Publishable,
  folder: string,
  target: string,
  imported: ".js" | ".d.ts",
): void {
  const emitted = resolve(folder, source);
  const found = new Set(
    Object.values(exportsOf(manifest)).map((module) => resolve(emitted, module.replace(/\.ts$/, ".d.ts"))),
  );
  for (const path of found) {
    const text = readFileSync(path, "utf8");
    for (const [, , module] of text.matchAll(RELATIVE_IMPORT)) {
      found.add(resolve(dirname(path), `${module}.d.ts`));
    }
    const copy = join(target, relative(join(emitted, "src"), path));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text.replace(RELATIVE_IMPORT, `$1"$2${imported}"`));
  }
}
