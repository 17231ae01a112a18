import type { MarkdownRenderer } from "vitepress";

/** Lets a table that is wider than the page scroll by itself, by keyboard too. */
export function tables(md: MarkdownRenderer): void {
  md.renderer.rules.table_open = () => '<div class="table" tabindex="0">\n<table>\n';
  md.renderer.rules.table_close = () => "</table>\n</div>\n";
}
