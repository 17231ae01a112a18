import type { MarkdownRenderer } from "vitepress";

/** Lets a table that is wider than the page scroll by itself, by keyboard too. A header that says nothing is none. */
export function tables(md: MarkdownRenderer): void {
  md.renderer.rules.table_open = () => '<div class="table" tabindex="0">\n<table>\n';
  md.renderer.rules.table_close = () => "</table>\n</div>\n";
  md.core.ruler.push("empty_headers", ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      const [content, end] = [tokens[index + 1], tokens[index + 2]];
      if (token.type === "th_open" && content?.content === "" && end !== undefined) token.tag = end.tag = "td";
    }
    return true;
  });
}
