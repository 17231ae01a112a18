/** The page, its server, and the one browser of these tests to open it in. */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memoryStore } from "@matrix-rendezvous/core";
import { createApp, type HandlerOptions } from "@matrix-rendezvous/http";
import { serve } from "@matrix-rendezvous/node";
import { playgroundApp } from "@matrix-rendezvous/playground";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll } from "vitest";

/** A name that is no secure context, though it is this machine. */
export const INSECURE_HOST = "playground.test";

/** As wide as a phone, and as wide as a laptop. */
export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;

const folder: string = await mkdtemp(join(tmpdir(), "playground-"));
/** What the browser's camera sees; it looks when it is switched on. */
export const FILM: string = join(folder, "camera.y4m");

const browser: Browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${FILM}`,
    `--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`,
  ],
});

afterAll(async () => {
  await browser.close();
  await rm(folder, { recursive: true });
});

export interface Stay {
  readonly server?: Partial<HandlerOptions>;
  readonly context?: BrowserContextOptions;
  /** What follows the address of the page. */
  readonly query?: string;
  /** In place of the address that the server listens on. */
  readonly host?: string;
}

/** What a test does with a page. */
export interface Visit {
  readonly page: Page;
  /** Opens the page once more, in a profile of its own. */
  readonly open: (query: string) => Promise<Page>;
  /** Lets time go by at once, for the server and for every page. */
  readonly pass: (ms: number) => Promise<void>;
}

/** Opens the page as the standalone server serves it, and hears what the browser objects to. */
export async function visit(stay: Stay, body: (visit: Visit) => Promise<void>): Promise<void> {
  const { server = {}, context = {}, query = "", host = "127.0.0.1" } = stay;
  let passed = 0;
  const now = (): number => Date.now() + passed;
  const app = createApp({ store: memoryStore(), mode: "open", maxSessionsPerOwner: 1_000, now, ...server });
  app.route("/", await playgroundApp());
  const listening = await serve(async (request) => app.fetch(request), { port: 0 });
  const pages: Page[] = [];
  const objections: string[] = [];
  const open = async (search: string): Promise<Page> => {
    const profile = await browser.newContext({ viewport: SIZES.desktop, ...context });
    const page = await profile.newPage();
    pages.push(page);
    page.setDefaultTimeout(60_000);
    listen(page, objections);
    await page.clock.install();
    await page.goto(`http://${host}:${listening.port}/playground/${search}`);
    await page.getByRole("heading", { level: 1 }).waitFor();
    return page;
  };
  const pass = async (ms: number): Promise<void> => {
    passed += ms;
    for (const page of pages) await page.clock.fastForward(ms);
  };
  try {
    await body({ page: await open(query), open, pass });
    assert.deepEqual(objections, []);
  } finally {
    for (const page of pages) await page.context().close();
    await listening.close();
  }
}

function listen(page: Page, objections: string[]): void {
  page.on("pageerror", (error) => objections.push(error.message));
  page.on("console", (message) => {
    // An answer like any other: that a session is gone, that a token is wanted. Browsers write it to the console.
    const answer = /the server responded with a status of (401|403|404)/.test(message.text());
    if (message.type() === "error" && !answer) objections.push(message.text());
  });
}
