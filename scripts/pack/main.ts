/** Builds every package that is published into `dist/packages`, and packs each into `dist/tarballs`. */
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { buildPage } from "../../apps/playground/build.ts";
import { copyDeclarations, emitDeclarations } from "./declarations.ts";
import { buildJavaScript } from "./javascript.ts";
import { publishedManifest } from "./manifest.ts";
import { type Publishable, publishables } from "./publishable.ts";

const TARBALLS = "dist/tarballs";
const DECLARATIONS = "dist/declarations";

async function build(publishable: Publishable): Promise<void> {
  const { source, target } = publishable;
  await buildJavaScript(publishable);
  copyDeclarations(publishable, DECLARATIONS, `${target}/dist`, ".js");
  cpSync(`${source}/README.md`, `${target}/README.md`);
  cpSync("LICENSE", `${target}/LICENSE`);
  writeFileSync(`${target}/package.json`, `${JSON.stringify(publishedManifest(publishable), null, 2)}\n`);
}

for (const folder of ["dist/packages", DECLARATIONS, TARBALLS]) rmSync(folder, { recursive: true, force: true });
mkdirSync(TARBALLS, { recursive: true });
emitDeclarations(DECLARATIONS);
const all = publishables();
for (const publishable of all) await build(publishable);
await buildPage(new URL("../../dist/packages/playground/page/", import.meta.url));
const folders = all.map(({ target }) => `./${target}`);
const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", TARBALLS, ...folders], {
  encoding: "utf8",
});
for (const { name, filename, size } of JSON.parse(packed)) {
  console.log(`${name.padEnd(35)} ${String(size).padStart(7)} bytes  ${TARBALLS}/${filename}`);
}
