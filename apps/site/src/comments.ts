import type { MarkdownRenderer } from "vitepress";

/** Leaves out what pages say to their writers alone: without HTML in pages, it would be read as text. */
export function comments(md: MarkdownRenderer): void {
  md.core.ruler.before("block", "comments", (state) => {
    state.src = state.src.replaceAll(/^<!--.*?-->$/gms, "");
  });
}
