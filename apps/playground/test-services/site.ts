/** The page, its server, and a browser to open it in. */
import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { createApp, type HandlerOptions } from "@matrix-rendezvous/http";
import { serve } from "@matrix-rendezvous/node";
import { playgroundApp } from "@matrix-rendezvous/playground";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** As wide as a phone, and as wide as a laptop. */
export const SIZES = { phone: { width: 390, height: 844 }, desktop: { width: 1280, height: 800 } } as const;

export interface Stay {
  readonly server?: Partial<HandlerOptions>;
  readonly flags?: readonly string[];
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
}

/** Opens the page in a browser of its own, as the standalone server serves it, and hears what the browser objects to. */
export async function visit(stay: Stay, body: (visit: Visit) => Promise<void>): Promise<void> {
  const { server = {}, flags = [], context = {}, query = "", host = "127.0.0.1" } = stay;
  const app = createApp({ store: memoryStore(), mode: "open", maxSessionsPerOwner: 1_000, ...server });
  app.route("/", await playgroundApp());
  const listening = await serve(async (request) => app.fetch(request), { port: 0 });
  let browser: Browser | undefined;
  const objections: string[] = [];
  try {
    browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: [...FLAGS, ...flags] });
    const opened = browser;
    const open = async (search: string): Promise<Page> => {
      const profile = await opened.newContext({ viewport: SIZES.desktop, ...context });
      const page = await profile.newPage();
      listen(page, objections);
      await page.goto(`http://${host}:${listening.port}/playground/${search}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      return page;
    };
    await body({ page: await open(query), open });
    assert.deepEqual(objections, []);
  } finally {
    await browser?.close();
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
