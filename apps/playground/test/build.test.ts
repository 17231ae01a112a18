import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { test } from "@matrix-rendezvous/testkit/runner";
import { buildPage } from "../build.ts";

/** What the page's script weighs once it is gzipped, in bytes: what was measured, rounded up to the next thousand. */
const LIMIT = 69_000;

async function withBuild(body: (files: ReadonlyMap<string, string>) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  try {
    await buildPage(pathToFileURL(`${folder}/`));
    const names = await readdir(folder);
    body(
      new Map(
        await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), "latin1")] as const)),
      ),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("The page loads nothing but the files beside it, has nothing inline, and evaluates nothing", async () => {
  await withBuild((files) => {
    const html = files.get("index.html") ?? "";
    const css = files.get("page-style.css") ?? "";
    const loaded = [...html.matchAll(/ (?:src|href)="([^"]*)"/g), ...css.matchAll(/url\("?([^")]*)"?\)/g)];
    assert.ok(loaded.length >= 6);
    for (const [, name = ""] of loaded) assert.ok(files.has(name.replace(/^\.\//, "")), name);
    assert.doesNotMatch(html, /<style| style=|<script[^>]*>[^<]| on[a-z]+=/);
    const evaluated = /\beval\(|\bnew Function\b/.exec(files.get("page.js") ?? "")?.[0];
    assert.equal(evaluated, undefined);
  });
});

test(`The page's script is at most ${LIMIT} bytes, and the licences of its parts are with it`, async () => {
  await withBuild((files) => {
    const size = gzipSync(Buffer.from(files.get("page.js") ?? "", "latin1"), { level: 9 }).length;
    assert.ok(size <= LIMIT, `${size} bytes`);
    const licences = files.get("licences.txt") ?? "";
    for (const name of [
      "@fontsource-variable/ibm-plex-sans",
      "@noble/ciphers",
      "@preact/signals",
      "hpke",
      "preact",
      "qr",
    ]) {
      assert.match(licences, new RegExp(`^${name} [0-9.]+$`, "m"));
    }
  });
});
