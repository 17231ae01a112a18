import type { Cells } from "./cells.ts";

/** A table for a Markdown page: names to the left, numbers to the right. */
export function markdownTable([head = [], ...rows]: Cells): string {
  const rule = head.map((_, column) => (column === 0 || column === head.length - 1 ? "---" : "---:"));
  return [head, rule, ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}
