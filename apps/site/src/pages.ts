import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Where the pages are. */
export const DOCS: string = fileURLToPath(new URL("../../../docs/", import.meta.url));

/** Where `npm run docs` leaves the site. */
export const SITE: string = fileURLToPath(new URL("../dist/", import.meta.url));

/** The pages of the site by their paths, such as `/stores/` and `/stores/redis`. */
export function pagePaths(): string[] {
  return globSync("**/*.md", { cwd: DOCS }).map((file) => `/${file.replace(/(^|\/)(README|index)\.md$|\.md$/, "$1")}`);
}
