/** The declarations of all packages, by one run of the TypeScript compiler. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { exportsOf, type Publishable } from "./publishable.ts";

const EMITTED = "dist/declarations";

/** Relative imports of declarations, which the compiler leaves as they are in the source: compilers of others want the JavaScript's name. */
const RELATIVE_IMPORT = /(from |import\()"(\.[^"]+)\.ts"/g;

export function emitDeclarations(): void {
  const options = ["--noEmit", "false", "--emitDeclarationOnly", "--rootDir", ".", "--outDir", EMITTED];
  execFileSync("tsc", ["-p", "tsconfig.packages.json", ...options], { stdio: "inherit" });
}

/** Writes those that the package's exports lead to: no others can be reached. */
export function copyDeclarations({ source, target, manifest }: Publishable): void {
  const emitted = resolve(EMITTED, source);
  const found = new Set(
    Object.values(exportsOf(manifest)).map((module) => resolve(emitted, module.replace(/\.ts$/, ".d.ts"))),
  );
  for (const path of found) {
    const text = readFileSync(path, "utf8");
    for (const [, , module] of text.matchAll(RELATIVE_IMPORT)) {
      found.add(resolve(dirname(path), `${module}.d.ts`));
    }
    const copy = join(target, "dist", relative(join(emitted, "src"), path));
    mkdirSync(dirname(copy), { recursive: true });
    writeFileSync(copy, text.replace(RELATIVE_IMPORT, '$1"$2.js"'));
  }
}
