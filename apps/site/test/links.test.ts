import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import { LinkChecker, type LinkResult } from "linkinator";
import type { DefaultTheme } from "vitepress";
import { SIDEBAR } from "../src/navigation.ts";
import { pagePaths, SITE } from "../src/pages.ts";

/** Other sites are not asked: only how they are spelt is looked at, and nothing of this needs a network. */
const OTHER_SITES = "^https?://(?!127\\.0\\.0\\.1:)";

function pathsOf(items: readonly DefaultTheme.SidebarItem[]): string[] {
  return items.flatMap(({ link, items: below = [] }) => [...(link ? [link] : []), ...pathsOf(below)]);
}

/** What is linked to by the pages in a folder, as a browser would find it. */
async function linksOf(folder: string): Promise<LinkResult[]> {
  const options = { path: "**/*.html", serverRoot: folder, checkFragments: true, linksToSkip: [OTHER_SITES] };
  const { links } = await new LinkChecker().check(options);
  return links;
}

function brokenOf(links: readonly LinkResult[]): string[] {
  return links.filter(({ state }) => state === "BROKEN").map(({ parent, url }) => `${parent} → ${url}`);
}

test("every page is in the navigation once, and every entry there is a page", () => {
  assert.deepEqual(pathsOf(SIDEBAR).sort(), pagePaths().sort());
});

test("every link leads to a page or a file, and to a place on it that is there; other sites are spelt as URLs", async () => {
  const links = await linksOf(SITE);
  assert.deepEqual(brokenOf(links), []);
  const pages = links.filter(({ url, state }) => state === "OK" && url.endsWith(".html"));
  assert.ok(pages.length >= pagePaths().length, "every page was looked at");
  for (const { url, state } of links) if (state === "SKIPPED") assert.match(new URL(url).hostname, /\w\.\w/, url);
});

test("a page, a place or a site that is not there would be found", async () => {
  const folder = await mkdtemp(join(tmpdir(), "links-"));
  const hrefs = ["b.html", "b.html#here", "b.html#gone", "c.html", "https://two words"];
  await writeFile(join(folder, "a.html"), hrefs.map((href) => `<a href="${href}">a link</a>`).join("\n"));
  await writeFile(join(folder, "b.html"), '<p id="here"></p>');
  const broken = ["a.html → b.html#gone", "a.html → c.html", "a.html → https://two words"];
  assert.deepEqual(brokenOf(await linksOf(folder)).sort(), broken);
  await rm(folder, { recursive: true });
});
