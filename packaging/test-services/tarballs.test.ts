import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { gzipSync } from "node:zlib";
import { test } from "@matrix-rendezvous/testkit/runner";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { run } from "../src/command.ts";
import { importedPackages } from "../src/imports.ts";
import { isOurs, type Packed, packed, ROOT } from "../src/packed.ts";

for (const one of packed()) {
  const { folder, tarball, manifest } = one;

  test(`${manifest.name}: publint has nothing to say`, async () => {
    const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytesOf(tarball) } });
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg)),
      [],
    );
  });

  // A package that is a command alone has no types to be wrong.
  if (manifest.exports !== undefined) {
    test(`${manifest.name}: its types are right for those who import it`, async () => {
      await run(`node ${ROOT}node_modules/.bin/attw ${tarball} --profile esm-only`, folder, process.env);
    });
  }

  test(`${manifest.name}: it depends on what it imports, and on nothing else`, async () => {
    const dependencies = Object.keys(manifest.dependencies ?? {});
    assert.deepEqual([...(await importedPackages(one))].sort(), dependencies.sort());
  });

  test(`${manifest.name}: our packages are taken in the same version, others with their fixes`, () => {
    for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
      assert.match(range, isOurs(name) ? new RegExp(`^${manifest.version}$`) : /^\^\d/, name);
    }
  });

  test(`${manifest.name}: it says what it is, under which licence, and where it is from`, () => {
    assert.equal(manifest["license"], "Apache-2.0");
    assert.deepEqual(manifest["publishConfig"], { access: "public", provenance: true });
    assert.match(readFileSync(`${folder}/README.md`, "utf8"), new RegExp(`^# ${manifest.name}\n`));
    for (const field of ["description", "keywords", "homepage", "bugs", "repository", "engines"]) {
      assert.ok(manifest[field], field);
    }
  });

  test(`${manifest.name}: a licence, a page, and JavaScript with its source beside it`, () => checkFiles(one));
}

function checkFiles({ folder, tarball, manifest }: Packed): void {
  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).trim().split("\n");
  const names = files.map((file) => file.replace("package/", ""));
  for (const name of ["LICENSE", "README.md", "package.json"]) assert.ok(names.includes(name), name);
  const javaScript = names.filter((name) => name.startsWith("dist/") && name.endsWith(".js"));
  assert.ok(javaScript.length > 0);
  for (const name of javaScript) {
    const map = JSON.parse(readFileSync(`${folder}/${name}.map`, "utf8"));
    assert.ok(names.includes(`${name}.map`));
    assert.equal(map.sourcesContent?.length, map.sources.length, name);
  }
  for (const { types } of Object.values(manifest.exports ?? {})) assert.ok(names.includes(types.slice(2)), types);
  const allowed = /^(LICENSE|README\.md|package\.json|page\/.*|dist\/.*(\.js|\.js\.map|\.d\.ts))$/;
  assert.deepEqual(
    names.filter((name) => !allowed.test(name)),
    [],
  );
}

test("@matrix-rendezvous/core is less than 6 kB, minified and gzipped", async () => {
  const { outputFiles } = await build({
    entryPoints: [`${ROOT}dist/packages/core/dist/index.js`],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  const size = gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length;
  assert.ok(size > 1000 && size < 6000, `${size} bytes`);
});

function bytesOf(path: string): ArrayBuffer {
  return Uint8Array.from(readFileSync(path)).buffer;
}
