/**
 * Type-checks every `ts` code block of the Markdown pages, and every `@example` of the packages' docstrings: each
 * becomes a file of its own, in a folder that is removed again.
 */
import { spawnSync } from "node:child_process";
import { globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { codeBlocks, docstringBlocks } from "./code-blocks.ts";

const FOLDER = "examples/.extracted";

rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const pages = globSync(["*.md", "docs/**/*.md", "{packages,apps}/*/*.md", "{packages,apps}/*/src/**/*.ts"]);
const origins = pages.flatMap((path) => {
  const blocks = path.endsWith(".md") ? codeBlocks(path) : docstringBlocks(path);
  return blocks.filter(({ language }) => language === "ts").map(({ code, index }) => ({ path, code, index }));
});
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
