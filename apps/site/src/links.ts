import { copyFileSync, existsSync, globSync, mkdirSync, statSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import type { MarkdownEnv, MarkdownRenderer } from "vitepress";
import { DOCS } from "./pages.ts";

export const REPOSITORY = "https://github.com/matrix-rendezvous/matrix-rendezvous";

const ROOT = resolve(DOCS, "..");
const FOLDERS_PAGE = "README.md";

/**
 * Relative links are written so that they lead somewhere in the repository. Here they lead to the same on the site: a
 * folder's page is its index, a file that is no page is there to be downloaded, and what is outside of `docs/` is in the
 * repository.
 */
export function links(md: MarkdownRenderer): void {
  md.core.ruler.push("site_links", (state) => {
    const { path } = state.env as MarkdownEnv;
    for (const token of state.tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href === null || /^([a-z]+:|#|\/)/.test(href)) continue;
      const [file = "", fragment] = href.split("#");
      const place = fragment ? `#${fragment}` : "";
      const target = resolve(dirname(path), file);
      if (!target.startsWith(resolve(DOCS))) {
        token.attrSet("href", `${REPOSITORY}/blob/main/${relative(ROOT, target)}${place}`);
      } else if (existsSync(target) && statSync(target).isDirectory()) {
        token.attrSet("href", `${join(file, "index.md")}${place}`);
      } else if (target.endsWith(FOLDERS_PAGE)) token.attrSet("href", href.replace(FOLDERS_PAGE, "index.md"));
      else if (extname(target) !== ".md") token.attrSet("download", "");
    }
    return true;
  });
}

/** Puts what pages link to beside them; what is in `public/`, VitePress puts there. */
export function copyFiles(srcDir: string, outDir: string): void {
  for (const file of globSync("**/*", { cwd: srcDir, exclude: ["public/**"] })) {
    const source = join(srcDir, file);
    if (extname(file) === ".md" || !statSync(source).isFile()) continue;
    const copy = join(outDir, file);
    mkdirSync(dirname(copy), { recursive: true });
    copyFileSync(source, copy);
  }
}
