import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { temporaryFolder } from "../../apps/server/test/temporary-folder.ts";
import type { Budget } from "../src/budgets.ts";
import type { Group, Results } from "../src/measurement.ts";
import { budgeted } from "../src/statistics.ts";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** Runs the bench, as little of it as there can be, and gives what it measured. Fails where a section does. */
export async function runQuick(...sections: readonly string[]): Promise<readonly Group[]> {
  const folder = temporaryFolder();
  const output = join(folder.path, "results.json");
  await promisify(execFile)(process.execPath, [MAIN, "--quick", "--output", output, ...sections]);
  const { groups }: Results = JSON.parse(readFileSync(output, "utf8"));
  folder.remove();
  return groups;
}

/** Every row has a number in every round, and what it is measured against has as many. */
export function assertMeasured(groups: readonly Group[]): void {
  for (const group of groups) {
    for (const row of group.rows) {
      assert.ok(row.rounds.length > 0 && row.rounds.every(Number.isFinite), `${group.name}: ${row.name}`);
      budgeted(row, group);
    }
  }
}

/** The budgets that stand beside a number. */
export function budgetsIn(groups: readonly Group[]): readonly Budget[] {
  return groups.flatMap(({ rows }) => rows.flatMap(({ budget }) => (budget === undefined ? [] : [budget])));
}
