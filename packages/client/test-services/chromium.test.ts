import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { build } from "esbuild";
import { SECRETS } from "../test/conversation.ts";
import { listen } from "../test/listen.ts";
import { bad, good, PROFILES, transcripts } from "../test/vectors.ts";
import type { PageResult } from "./page.ts";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
const PATIENCE_MS = 90_000;

test("In Chromium, every vector holds, and two devices sign each other in across origins", async () => {
  const server = await listen(createHandler({ store: memoryStore(), mode: "open" }));
  try {
    const result = await inChromium(`?server=${server.baseUrl}`);
    assert.equal(result.transcripts.length, PROFILES.flatMap(transcripts).length * 2);
    for (const { played, expected } of result.transcripts) assert.deepEqual(played, expected);
    assert.equal(result.good.length, good.length);
    for (const { encoded, expected } of result.good) assert.equal(encoded, expected);
    assert.deepEqual(
      result.bad,
      bad.map(({ name }) => ({ name, accepted: false })),
    );
    assert.deepEqual(
      result.signedIn,
      PROFILES.map(() => SECRETS),
    );
  } finally {
    await server.close();
  }
});

/** Opens the page in a Chromium of its own, and gives what it reports. */
async function inChromium(query: string): Promise<PageResult> {
  const script = await bundle();
  const report = Promise.withResolvers<string>();
  const site = createServer(async (request, response) => {
    if (request.method === "POST") report.resolve(await text(request));
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(request.url?.startsWith("/?") ? `<!doctype html><script type="module">${script}</script>` : "");
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}/${query}`;
  const browser = spawn("chromium", [...FLAGS, `--user-data-dir=${profile}`, url], { stdio: "ignore" });
  browser.once("error", (error) => report.reject(new Error(`chromium cannot be run: ${error.message}`)));
  browser.once("exit", (code) => report.reject(new Error(`chromium ended (${code}) before the page was done`)));
  const timer = setTimeout(() => report.reject(new Error("the page does not answer")), PATIENCE_MS);
  try {
    const result = JSON.parse(await report.promise);
    assert.equal(result.error, undefined);
    return result;
  } finally {
    clearTimeout(timer);
    await stop(browser);
    site.closeAllConnections();
    site.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function stop(browser: ChildProcess): Promise<void> {
  if (browser.pid === undefined || browser.exitCode !== null) return;
  browser.kill();
  await once(browser, "exit");
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL("./page.ts", import.meta.url));
  const options = { bundle: true, write: false, format: "esm", platform: "browser", target: "es2022" } as const;
  const { outputFiles } = await build({ ...options, entryPoints: [entry], logLevel: "silent" });
  const [file] = outputFiles;
  assert.ok(file);
  // A script ends where its text says so, also in a string.
  return file.text.replaceAll("</script", "<\\/script");
}
