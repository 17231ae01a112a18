import type { Group, Results, Row } from "../measurement.ts";
import { estimate } from "../statistics.ts";
import { number, range } from "./cells.ts";

/** In pixels, which grow with the page. */
const WIDTH = 720;
const MARGIN = 16;
const LABEL_WIDTH = 160;
const BAR_WIDTH = 430;
const BAR_HEIGHT = 14;
const ROW_HEIGHT = 24;
const TITLE_HEIGHT = 34;
const GAP = 18;

const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .page { fill: #ffffff }
    .title { font-weight: 600 }
    .unit { fill: #59636e }
    .other { fill: #8c959f }
    .ours { fill: #0969da }
    .spread { stroke: #1f2328; stroke-width: 1.5 }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117 }
      text { fill: #e6edf3 }
      .unit { fill: #9198a1 }
      .other { fill: #6e7681 }
      .ours { fill: #4493f8 }
      .spread { stroke: #e6edf3 }
    }`;

/**
 * A bar for each row of the groups that are charted, with the range that most rounds were in, as an SVG. It is light or
 * dark as the reader's system is, and has a ground of its own, since the page around it may be the other.
 */
export function chart({ groups }: Pick<Results, "groups">): string {
  const charted = groups.filter(({ isCharted }) => isCharted);
  let y = MARGIN;
  const panels = charted.map((group) => {
    const panel = drawn(group, y);
    y += heightOf(group) + GAP;
    return panel;
  });
  const height = y - GAP + MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${-MARGIN} 0 ${WIDTH} ${height}" role="img">
  <title>Medians of the bench: ours in blue, what it is measured against in grey</title>
  <style>${STYLE}
  </style>
  <rect class="page" x="${-MARGIN}" width="${WIDTH}" height="${height}" rx="6"/>
${panels.join("\n")}
</svg>
`;
}

function heightOf({ rows }: Group): number {
  return TITLE_HEIGHT + rows.length * ROW_HEIGHT;
}

function drawn(group: Group, y: number): string {
  const most = Math.max(...group.rows.map(({ rounds }) => estimate(rounds).high));
  const better = group.unit === "a second" ? "more is better" : "less is better";
  const title = `  <text x="0" y="${y + 16}"><tspan class="title">${escaped(group.name)}</tspan><tspan class="unit">  ${group.unit}, ${better}</tspan></text>`;
  const bars = group.rows.map((row, index) => bar(row, y + TITLE_HEIGHT + index * ROW_HEIGHT, BAR_WIDTH / most));
  return [title, ...bars].join("\n");
}

function bar({ name, rounds, ours }: Row, y: number, scale: number): string {
  const value = estimate(rounds);
  const x = (amount: number): string => (LABEL_WIDTH + amount * scale).toFixed(1);
  const middle = y + BAR_HEIGHT / 2;
  return `  <g><title>${escaped(name)}: ${number(value.median)} (${range(value)})</title>
    <text x="${LABEL_WIDTH - 10}" y="${y + 12}" text-anchor="end">${escaped(name)}</text>
    <rect class="${ours ? "ours" : "other"}" x="${LABEL_WIDTH}" y="${y}" width="${(value.median * scale).toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>
    <line class="spread" x1="${x(value.low)}" x2="${x(value.high)}" y1="${middle}" y2="${middle}"/>
    <text x="${LABEL_WIDTH + BAR_WIDTH + 12}" y="${y + 12}">${number(value.median)}</text></g>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
