import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CheckOptions, LinkChecker, type LinkResult, LinkState } from "linkinator";
import { REPOSITORY } from "../src/links.ts";

/** Other sites are not asked: only how they are spelt is looked at, and nothing of this needs a network. */
const OTHER_SITES = "^https?://(?!127\\.0\\.0\\.1:)";
/** Where the server listens unless told otherwise: GitHub makes links of such addresses. */
const READERS_OWN = "^http://127\\.0\\.0\\.1:8080/";
/** How GitHub begins the paths of what is in a repository. */
const KINDS = ["blob", "tree"];
/** Has the links by URL, so that all are followed at once. */
const PAGE_OF_LINKS = "links.html";

/** Folders are pages there, and headings get the anchors that GitHub gives them. */
const AS_ON_GITHUB: Partial<CheckOptions> = { markdown: true, directoryListing: true };

/** What is linked to by the pages in a folder, as a browser would find it. */
export async function linksOf(
  folder: string,
  path: string | string[],
  options: Partial<CheckOptions> = {},
): Promise<LinkResult[]> {
  const always = { path, serverRoot: folder, checkFragments: true, linksToSkip: [OTHER_SITES, READERS_OWN] };
  const { links } = await new LinkChecker().check({ ...options, ...always });
  return links;
}

/**
 * What is linked to by Markdown pages of a checkout, as a browser would find it if the checkout were on GitHub: URLs of files
 * and folders of the repository are followed, too.
 *
 * @param others links of other pages, of which such URLs are followed as well
 */
export async function linksOnGitHub(
  checkout: string,
  pages: readonly string[],
  others: readonly LinkResult[] = [],
): Promise<LinkResult[]> {
  const folder = await mkdtemp(join(tmpdir(), "github-"));
  // As deep as on GitHub, so that a link that leads out of the repository leads nowhere.
  for (const kind of KINDS) {
    await mkdir(join(folder, kind));
    await symlink(checkout, join(folder, kind, "main"));
  }
  const paths = pages.map((page) => `blob/main/${page}`);
  const links = await linksOf(folder, paths, AS_ON_GITHUB);
  const followed = await follow([...links, ...others].filter(isByUrl), folder);
  await rm(folder, { recursive: true });
  return [...links.filter((link) => !isByUrl(link)), ...followed];
}

export function brokenOf(links: readonly LinkResult[]): string[] {
  return links.filter(({ state }) => state === "BROKEN").map(({ parent, url }) => `${parent} → ${url}`);
}

function isByUrl({ url }: LinkResult): boolean {
  return KINDS.some((kind) => url.startsWith(`${REPOSITORY}/${kind}/main/`));
}

/** The same links with what became of them in a folder that stands for the repository on GitHub. */
async function follow(links: readonly LinkResult[], folder: string): Promise<LinkResult[]> {
  const local = ({ url }: LinkResult): string => url.slice(`${REPOSITORY}/`.length);
  const anchors = links.map((link) => `<a href="${local(link)}">a link</a>`);
  await writeFile(join(folder, PAGE_OF_LINKS), anchors.join("\n"));
  const results = await linksOf(folder, PAGE_OF_LINKS, AS_ON_GITHUB);
  const broken = new Set(results.filter(({ state }) => state === "BROKEN").map(({ url }) => url));
  // Of a page that is not there, the places are not looked for.
  const isBroken = (url: string): boolean => broken.has(url) || broken.has(url.replace(/#.*/, ""));
  return links.map((link) => ({ ...link, state: isBroken(local(link)) ? LinkState.BROKEN : LinkState.OK }));
}
