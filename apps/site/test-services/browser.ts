/** The built site, its server, and a browser to look at it with. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";
import { SITE } from "../src/pages.ts";

/** As wide as a phone, and as wide as a laptop. */
export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;

const server = createAdaptorServer(new Hono().use(serveStatic({ root: SITE })));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const { port } = server.address() as AddressInfo;

const browser: Browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});

afterAll(async () => {
  await browser.close();
  server.close();
});

/** A window on the site; at its end, nothing may have failed that a reader's browser would complain about. */
export async function look(options: BrowserContextOptions, body: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({
    ...options,
    baseURL: `http://127.0.0.1:${port}`,
    // Colours are measured as they come to rest, not on their way.
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const objections: string[] = [];
  page.on("pageerror", (error) => objections.push(error.message));
  page.on("console", (message) => message.type() === "error" && objections.push(`${page.url()}: ${message.text()}`));
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).port !== String(port))
      objections.push(request.url());
  });
  try {
    await body(page);
    assert.deepEqual(objections, []);
  } finally {
    await context.close();
  }
}
