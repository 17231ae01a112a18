import assert from "node:assert/strict";
import { globSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { LinkResult } from "linkinator";
import { createMarkdownRenderer, type DefaultTheme } from "vitepress";
import { links as linksToSite, REPOSITORY } from "../src/links.ts";
import { SIDEBAR } from "../src/navigation.ts";
import { DOCS, pagePaths, SITE } from "../src/pages.ts";
import { brokenOf, linksOf, linksOnGitHub } from "./link-results.ts";

const ROOT = resolve(DOCS, "..");
/** Those that are read on GitHub and on npm alone. */
const PAGES_BESIDE_SITE = ["{README,CONTRIBUTING,SECURITY}.md", "{packages,apps}/*/README.md"];
const HTML = "**/*.html";

function pathsOf(items: readonly DefaultTheme.SidebarItem[]): string[] {
  return items.flatMap(({ link, items: below = [] }) => [...(link ? [link] : []), ...pathsOf(below)]);
}

/** That other sites, which are not asked, are spelt as URLs. */
function assertSpelt(links: readonly LinkResult[]): void {
  for (const { url, state } of links) if (state === "SKIPPED") assert.match(new URL(url).hostname, /\w\.\w/, url);
}

test("every page is in the navigation once, and every entry there is a page", () => {
  assert.deepEqual(pathsOf(SIDEBAR).sort(), pagePaths().sort());
});

test("every link leads to a page or a file, and to a place on it that is there; other sites are spelt as URLs", async () => {
  const links = await linksOf(SITE, HTML);
  assert.deepEqual(brokenOf(links), []);
  const pages = links.filter(({ url, state }) => state === "OK" && url.endsWith(".html"));
  assert.ok(pages.length >= pagePaths().length, "every page was looked at");
  assertSpelt(links);
});

test("so does every link of a page beside the site, and every link to the repository, where this checkout is it", async () => {
  const pages = globSync(PAGES_BESIDE_SITE, { cwd: ROOT });
  const links = await linksOnGitHub(ROOT, pages, await linksOf(SITE, HTML));
  assert.deepEqual(brokenOf(links), []);
  const found = new Set(links.filter(({ state }) => state === "OK").map(({ url }) => url));
  for (const page of pages) assert.ok(found.has(`blob/main/${page}`), page);
  assert.ok(found.has(`${REPOSITORY}/blob/main/SECURITY.md`));
  assertSpelt(links);
});

test("a page, a place or a site that is not there would be found", async () => {
  const folder = await mkdtemp(join(tmpdir(), "links-"));
  const hrefs = ["b.html", "b.html#here", "b.html#gone", "c.html", "https://two words"];
  await writeFile(join(folder, "a.html"), hrefs.map((href) => `<a href="${href}">a link</a>`).join("\n"));
  await writeFile(join(folder, "b.html"), '<p id="here"></p>');
  const broken = ["a.html → b.html#gone", "a.html → c.html", "a.html → https://two words"];
  assert.deepEqual(brokenOf(await linksOf(folder, HTML)).sort(), broken);
  await rm(folder, { recursive: true });
});

test("a file, a folder or a heading that is not in the repository would be found", async () => {
  const checkout = await mkdtemp(join(tmpdir(), "checkout-"));
  const url = `${REPOSITORY}/blob/main/docs`;
  const right = ["docs", "docs/b.md", "docs/b.md#here--there", url, `${url}/b.md`, `${url}/b.md#here--there`];
  const wrong = ["../docs", "docs/b.md#gone", "docs/c.md", "gone"];
  const wrongUrls = [`${url}/b.md#gone`, `${url}/c.md`, `${url}/c.md#gone`, `${REPOSITORY}/tree/main/gone`];
  const links = [...right, ...wrong, ...wrongUrls].map((href) => `[a link](${href})`);
  await mkdir(join(checkout, "docs"));
  await writeFile(join(checkout, "docs/b.md"), "## Here & there");
  await writeFile(join(checkout, "a.md"), links.join("\n"));
  await writeFile(join(checkout, "site.html"), `<a href="${url}/c.md">a link</a>`);
  const found = await linksOnGitHub(checkout, ["a.md"], await linksOf(checkout, "site.html"));
  const broken = [...wrong.map((href) => join("blob/main", href)), ...wrongUrls].map((to) => `blob/main/a.md → ${to}`);
  assert.deepEqual(brokenOf(found).sort(), [...broken, `site.html → ${url}/c.md`].sort());
  await rm(checkout, { recursive: true });
});

test("what leads out of docs/ leads to the same place in the repository", async () => {
  const md = await createMarkdownRenderer(DOCS, { config: (renderer) => void renderer.use(linksToSite) });
  const html = md.render("[a link](../../SECURITY.md#here)", { path: join(DOCS, "run/alone.md") });
  assert.ok(html.includes(`href="${REPOSITORY}/blob/main/SECURITY.md#here"`), html);
});
