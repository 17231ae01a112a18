import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { Hono } from "hono";
import { pageApp, readPage } from "../src/page.ts";

const FILES: Readonly<Record<string, string>> = {
  "index.html": "<!doctype html>",
  "page.js": "export {};",
  "page-style.css": "p {}",
  "icon.svg": "<svg/>",
  "licences.txt": "MIT",
  "sans.woff2": "\u0000",
};

async function withPage(body: (folder: URL) => Promise<void>): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), "page-"));
  try {
    await body(pathToFileURL(`${path}/`));
  } finally {
    await rm(path, { recursive: true });
  }
}

async function withServer(basePath: string, body: (get: Hono["request"]) => Promise<void>): Promise<void> {
  await withPage(async (folder) => {
    for (const [name, text] of Object.entries(FILES)) await writeFile(new URL(name, folder), text);
    const app = new Hono().route("/", pageApp(await readPage(folder), basePath));
    await body((input, init) => app.request(input, init));
  });
}

for (const basePath of ["", "/matrix"]) {
  test(`Every file is served with its type, under ${basePath}/playground/ and nowhere else`, async () => {
    await withServer(basePath, async (get) => {
      for (const [name, text] of Object.entries(FILES)) {
        const answer = await get(`${basePath}/playground/${name === "index.html" ? "" : name}`);
        assert.equal(answer.status, 200);
        assert.equal(await answer.text(), text);
        const types = /^(text\/(html|javascript|css|plain); charset=utf-8|image\/svg\+xml|font\/woff2)$/;
        assert.match(answer.headers.get("Content-Type") ?? "", types);
      }
      for (const path of [
        "/playground/package.json",
        "/playground/../package.json",
        "/playground/%2e%2e/page.ts",
        "/",
      ]) {
        assert.equal((await get(basePath + path)).status, 404);
      }
      const bare = await get(`${basePath}/playground`);
      assert.deepEqual([bare.status, bare.headers.get("Location")], [308, "playground/"]);
    });
  });
}

test("The page may load what is its own, and do nothing inline", async () => {
  await withServer("", async (get) => {
    const { headers } = await get("/playground/");
    const directives = new Map(
      (headers.get("Content-Security-Policy") ?? "").split("; ").map((text) => {
        const [name = "", ...sources] = text.split(" ");
        return [name, sources.join(" ")];
      }),
    );
    assert.equal(directives.get("default-src"), "'none'");
    for (const name of ["script-src", "style-src", "img-src", "font-src", "connect-src"]) {
      assert.equal(directives.get(name), "'self'", name);
    }
    assert.equal(directives.get("frame-ancestors"), "'none'");
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
    assert.equal(headers.get("Referrer-Policy"), "no-referrer");
    assert.match(headers.get("Permissions-Policy") ?? "", /^camera=\(self\)/);
  });
});

test("What did not change is not sent again", async () => {
  await withServer("", async (get) => {
    const etag = (await get("/playground/page.js")).headers.get("ETag") ?? "";
    const again = await get("/playground/page.js", { headers: { "If-None-Match": etag } });
    assert.equal(again.status, 304);
    assert.equal(await again.text(), "");
  });
});

test("Where the page is not built, the error says how to build it", async () => {
  await withPage(async (folder) => {
    await assert.rejects(readPage(folder), /not built: run npm run build -w apps\/playground$/);
    await assert.rejects(readPage(new URL("nowhere/", folder)), /not built/);
  });
});
