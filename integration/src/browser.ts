import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startProgram } from "./program.ts";

/** How long the page may take, in milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Runs a script in a page of an origin of its own, in Chromium, and gives what it returns, by way of JSON.
 *
 * @param script the body of an async function
 */
export async function inBrowser(script: string): Promise<unknown> {
  const result = Promise.withResolvers<unknown>();
  const site = createServer(async (request, response) => {
    if (request.url === "/result") result.resolve(JSON.parse(await text(request)));
    response.end(request.url === "/page" ? page(script) : "");
  }).listen(0, "127.0.0.1");
  await once(site, "listening");
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  const flags = ["--headless", "--no-sandbox", "--disable-gpu", `--user-data-dir=${profile}`];
  const command = ["chromium", ...flags, `${origin}/page`];
  const browser = await startProgram(command, origin, "scripts/services/chromium.sh installs it");
  const timer = setTimeout(
    () => result.reject(new Error(`the page does not answer: ${browser.output()}`)),
    PATIENCE_MS,
  );
  try {
    return await result.promise;
  } finally {
    clearTimeout(timer);
    await browser.stop();
    site.closeAllConnections();
    site.close();
    await rm(profile, { recursive: true, maxRetries: 5 });
  }
}

function page(script: string): string {
  return `<!doctype html><title>test</title><script type="module">
    const run = async () => { ${script} };
    const result = await run().catch((error) => ({ error: String(error) }));
    await fetch("/result", { method: "POST", body: JSON.stringify(result) });
  </script>`;
}

async function text(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let whole = "";
  const decoder = new TextDecoder();
  for await (const chunk of chunks) whole += decoder.decode(chunk, { stream: true });
  return whole;
}
