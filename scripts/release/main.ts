/**
 * Makes a release, and publishes nothing: checks, builds and packs everything, and leaves in `dist/release` the tarballs of
 * npm, the single binary for the platform that this runs on, and their checksums.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";

const RELEASE = "dist/release";

function run(command: string, args: readonly string[], cwd = "."): void {
  console.log(`\n$ ${[command, ...args].join(" ")}`);
  execFileSync(command, args, { cwd, stdio: "inherit" });
}

run("npm", ["run", "--silent", "check"]);
run("npm", ["run", "--silent", "pack"]);
// For npm, what each tarball is; for JSR, whether it would take the packages.
run("vitest", ["run", "--dir", "test-services", "tarballs", "jsr"], "packaging");

rmSync(RELEASE, { recursive: true, force: true });
mkdirSync(RELEASE, { recursive: true });
run("bun", ["deploy/binary/build.ts", join(RELEASE, `matrix-rendezvous-${process.platform}-${process.arch}`)]);
for (const tarball of globSync("dist/tarballs/*.tgz")) copyFileSync(tarball, join(RELEASE, basename(tarball)));

const files = readdirSync(RELEASE).sort();
const sums = files.map((file) => {
  const hash = createHash("sha256").update(readFileSync(join(RELEASE, file)));
  return `${hash.digest("hex")}  ${file}\n`;
});
writeFileSync(join(RELEASE, "SHA256SUMS"), sums.join(""));
console.log(`\n${files.length} files and SHA256SUMS are in ${RELEASE}`);
