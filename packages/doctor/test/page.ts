/** What the documentation has to say, so that tests hold it to it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DIAGNOSES, type DiagnosisName } from "@matrix-rendezvous/doctor";

export function documentation(name: string): string {
  return readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");
}

const PAGE = documentation("doctor.md").replaceAll("\\|", "|");

/** A line of the table of everything that is known by name. */
export function isDiagnosisThere(name: DiagnosisName): void {
  const { effect, says, change } = DIAGNOSES[name];
  isThere(`| \`${name}\` | ${effect} | ${says} | ${change} |`);
}

/** A line of the table of what has been set up wrongly, and what was said of it. */
export function isCaseThere(name: string, answers: string, finding: DiagnosisName): void {
  isThere(`| ${name} | ${answers} | \`${finding}\` |`);
}

function isThere(row: string): void {
  assert.ok(PAGE.includes(row), `docs/doctor.md lacks: ${row}`);
}
