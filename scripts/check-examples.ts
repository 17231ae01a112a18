/**
 * Type-checks every `ts` code block of the Markdown pages, and every `@example` of the packages' docstrings: each
 * becomes a file of its own, in a folder that is removed again.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const FOLDER = "examples/.extracted";

/** Code blocks, with what stands before them on a docstring's lines taken off. */
function blocksOf(path: string): string[] {
  const text = readFileSync(path, "utf8");
  const plain = path.endsWith(".md") ? text : text.replace(/^\s*\* ?/gm, "");
  return [...plain.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1] ?? "");
}

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const pages = globSync(["*.md", "docs/**/*.md", "{packages,apps}/*/*.md", "{packages,apps}/*/src/**/*.ts"]);
const origins = pages.flatMap((path) => blocksOf(path).map((code, index) => ({ path, code, index })));
for (const { path, code, index } of origins) {
  const name = `${path.replaceAll("/", "-")}-${index}.ts`;
  writeFileSync(`${FOLDER}/${name}`, `export {};\n${code}`);
}
const options = {
  extends: "../../tsconfig.base.json",
  compilerOptions: { isolatedDeclarations: false },
  include: ["./*.ts"],
};
writeFileSync(`${FOLDER}/tsconfig.json`, JSON.stringify(options));
const { status } = spawnSync("tsc", ["-p", FOLDER], { stdio: "inherit" });
if (status === 0) rmSync(FOLDER, { recursive: true });
console.log(`${origins.length} code blocks type-checked`);
process.exitCode = status ?? 1;
