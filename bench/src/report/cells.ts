import type { Budget } from "../budgets.ts";
import type { Group, Row } from "../measurement.ts";
import { budgeted, type Estimate, estimate, ratioOf, verdict, withinNoise } from "../statistics.ts";

/** A table: its first row is the head. Numbers stand in all columns but the first and the last. */
export type Cells = readonly (readonly string[])[];

/** A group as people read it. */
export function groupCells(group: Group): Cells {
  const head = ["", group.unit, "spread", "ratio", "spread", "against"];
  return [head, ...group.rows.map((row) => rowCells(row, group))];
}

/** Every budget beside its number. */
export function budgetCells(groups: readonly Group[]): Cells {
  const rows = groups.flatMap((group) => group.rows.flatMap((row) => budgetRow(row, group)));
  return [["", "budget", "measured", "spread", "verdict"], ...rows];
}

function rowCells(row: Row, group: Group): string[] {
  const value = estimate(row.rounds);
  return [row.name, number(value.median), range(value), ...ratioCells(ratioOf(row, group)), row.against ?? ""];
}

function ratioCells(ratio: Estimate | undefined): string[] {
  if (ratio === undefined) return ["", ""];
  return withinNoise(ratio) ? ["within the noise", ""] : [number(ratio.median), range(ratio)];
}

function budgetRow(row: Row, group: Group): string[][] {
  const measured = budgeted(row, group);
  if (row.budget === undefined || measured === undefined) return [];
  const noise = row.budget.of === "ratio" && withinNoise(measured);
  const shown = noise ? ["within the noise", ""] : [number(measured.median), range(measured)];
  return [[`${group.name}: ${row.name}`, bound(row.budget, group.unit), ...shown, verdict(row.budget, measured)]];
}

function bound({ of, most, least }: Budget, unit: Group["unit"]): string {
  const value = most === undefined ? `≥ ${least}` : `≤ ${most}`;
  return of === "ratio" ? `${value}×` : `${value} ${unit}`;
}

export function range({ low, high }: Estimate): string {
  return `${number(low)} – ${number(high)}`;
}

/** With three significant digits, and commas between the thousands. */
export function number(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
