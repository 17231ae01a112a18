/** The page, its server, and a browser to open it in. */
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

export interface Site {
  /** Of the page. */
  readonly url: string;
  close(): Promise<void>;
}

/** The rendezvous API and the playground on one port, as the standalone server has them. */
export async function startSite(options: Partial<HandlerOptions> = {}): Promise<Site> {
  const app = createApp({ store: memoryStore(), mode: "open", maxSessionsPerOwner: 1_000, ...options });
  app.route("/", await playgroundApp(options.basePath));
  const { hostname, port, close } = await serve(async (request) => app.fetch(request), { port: 0 });
  return { url: `http://${hostname}:${port}${options.basePath ?? ""}/playground/`, close };
}

export function startBrowser(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: "/usr/bin/chromium", args: [...FLAGS, ...flags] });
}

/** Opens the page in a profile of its own, and collects what the browser complains about. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    // That a session is gone is an answer like any other; browsers write every 404 to the console.
    if (message.type() === "error" && !message.text().includes("404")) complaints.push(message.text());
  });
  await page.goto(url);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return { page, complaints };
}
