import type { Group, Machine, Results } from "../measurement.ts";
import { budgetCells, groupCells } from "./cells.ts";
import { markdownTable } from "./markdown.ts";
import { textTable } from "./text.ts";

/** A run as the terminal shows it. */
export function textReport({ groups, failures }: Results): string {
  const tables = groups.map((group) => `${group.name}\n${textTable(groupCells(group))}`);
  const budgets = hasBudgets(groups) ? [`Budgets\n${textTable(budgetCells(groups))}`] : [];
  return [...tables, ...budgets, ...failed(failures)].join("\n\n");
}

/** A run as the page of the documentation shows it. */
export function markdownReport({ groups, failures, machine, date, versions, command }: Results): string {
  const programs = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const tables = groups.map((group) => `### ${group.name}\n\n${markdownTable(groupCells(group))}`);
  return [
    "## The numbers",
    "![Medians: ours in blue, what it is measured against in grey](benchmarks.svg)",
    `\`${command}\` on ${date.slice(0, 10)}: ${described(machine)}. ${programs.join(", ")}.`,
    ...failed(failures),
    `### Budgets\n\n${markdownTable(budgetCells(groups))}`,
    ...tables,
  ].join("\n\n");
}

function hasBudgets(groups: readonly Group[]): boolean {
  return groups.some(({ rows }) => rows.some(({ budget }) => budget !== undefined));
}

function failed(failures: Results["failures"]): string[] {
  return Object.entries(failures).map(([section, why]) => `Not measured: ${section}. ${why}`);
}

function described({ processor, cores, memoryGiB, system, load }: Machine): string {
  return `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, load ${load.toFixed(2)} before it began`;
}
