import { renderMermaidSVG } from "beautiful-mermaid";
import type { MarkdownRenderer } from "vitepress";

/** Colours are the page's own, so that a diagram changes from light to dark with it. */
const LOOK = {
  bg: "var(--vp-c-bg)",
  fg: "var(--vp-c-text-1)",
  muted: "var(--vp-c-text-2)",
  line: "var(--vp-c-text-3)",
  accent: "var(--vp-c-brand-1)",
  surface: "var(--vp-c-bg-soft)",
  border: "var(--vp-c-border)",
  transparent: true,
  padding: 8,
};

/** Draws `mermaid` blocks while the site is built; one that cannot be drawn fails the build. */
export function diagrams(md: MarkdownRenderer): void {
  const other = md.renderer.rules.fence;
  md.renderer.rules.fence = (tokens, index, options, env, self) => {
    const token = tokens[index];
    if (token?.info.trim() !== "mermaid") return other?.(tokens, index, options, env, self) ?? "";
    // The drawing's own style sheet asks for a font from the network; the theme's has the rest of it.
    const drawing = renderMermaidSVG(token.content, LOOK).replace(/<style>.*?<\/style>/s, "");
    const width = /width="([\d.]+)"/.exec(drawing)?.[1];
    return `<figure class="diagram" style="--width: ${width}px" tabindex="0" v-pre>${drawing}</figure>\n`;
  };
}
