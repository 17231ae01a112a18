import { copyFileSync, existsSync, globSync, mkdirSync, statSync } from "node:fs";
import { dirname, extname, join, resolve } from "node:path";
import type { MarkdownEnv, MarkdownRenderer } from "vitepress";
import { DOCS } from "./pages.ts";

type Token = ReturnType<MarkdownRenderer["parse"]>[number];

const FOLDERS_PAGE = "README.md";

/**
 * Relative links are written so that they lead somewhere in the repository. Here they lead to the same on the site: a
 * folder's page is its index, and a file that is no page is there to be downloaded. What is outside of `docs/` is not on
 * the site: its link is text.
 */
export function links(md: MarkdownRenderer): void {
  md.core.ruler.push("site_links", (state) => {
    const { path } = state.env as MarkdownEnv;
    for (const { children } of state.tokens) {
      children?.forEach((token, index) => {
        const href = token.type === "link_open" ? token.attrGet("href") : null;
        if (href === null || /^([a-z]+:|#|\/)/.test(href)) return;
        const [file = "", fragment] = href.split("#");
        const target = resolve(dirname(path), file);
        if (!target.startsWith(resolve(DOCS))) asText(children, index);
        else if (existsSync(target) && statSync(target).isDirectory()) {
          token.attrSet("href", `${join(file, "index.md")}${fragment ? `#${fragment}` : ""}`);
        } else if (target.endsWith(FOLDERS_PAGE)) token.attrSet("href", href.replace(FOLDERS_PAGE, "index.md"));
        else if (extname(target) !== ".md") token.attrSet("download", "");
      });
    }
    return true;
  });
}

/** Links do not nest: the next end of a link is that of this one. */
function asText(tokens: Token[], opening: number): void {
  const closing = tokens.findIndex(({ type }, index) => index > opening && type === "link_close");
  for (const token of [tokens[opening], tokens[closing]]) {
    if (token !== undefined) Object.assign(token, { type: "text", tag: "", content: "", attrs: null });
  }
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
