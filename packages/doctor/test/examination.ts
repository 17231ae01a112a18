import assert from "node:assert/strict";
import { type DiagnosisName, type ExamineOptions, examine, printed, type Report } from "@matrix-rendezvous/doctor";
import { type Mode, type Spoil, startStandIn } from "./stand-in.ts";

/** A homeserver with something wrong, and what the doctor is to say of it. */
export interface Case extends Mode {
  readonly name: string;
  readonly spoil?: Spoil;
  readonly options?: Partial<ExamineOptions>;
  /** 2024 new and existing device, 2025 new and existing device. */
  readonly answers: string;
  readonly finding: DiagnosisName;
  /** What an administrator reads; `URL` stands for the homeserver's. */
  readonly says: string;
}

/** The first words of each answer of the report. */
export function answersOf({ verdicts }: Report): string {
  return verdicts.map(({ answer }) => answer).join(" ");
}

/** Every finding's name. */
export function findingsOf({ steps }: Report): string[] {
  return [...new Set(steps.flatMap(({ findings }) => findings.map(({ name }) => name)))];
}

/** What the report says of a diagnosis, first in the JSON; it must be in the text as well. */
export function sentence(report: Report, name: DiagnosisName): string {
  const found = report.steps.flatMap(({ findings }) => findings).find((finding) => finding.name === name);
  assert.ok(found, `no ${name} but ${findingsOf(report).join(", ") || "nothing"}`);
  const text = printed(report, false).replace(/\s+/g, "");
  assert.ok(text.includes(found.says.replace(/\s+/g, "")), "the text says it too");
  assert.ok(text.includes(found.change.replace(/\s+/g, "")), "the text says what to change");
  return found.says;
}

export async function check({ spoil, mode, options = {}, answers, finding, says }: Case): Promise<void> {
  const standIn = await startStandIn(spoil, mode === undefined ? {} : { mode });
  try {
    const report = await examine({ target: standIn.url, ...options });
    const said = sentence(report, finding).replaceAll(standIn.url, "URL");
    assert.equal(said.replace(/[~\w-]{6}…/, "ID").replaceAll(/"[\w-]{16}"/g, '"ETAG"'), says);
    assert.equal(answersOf(report), answers, findingsOf(report).join(", "));
    assert.equal(report.ok, !/no|limited/.test(answers.replaceAll("unknown", "")) && answers.includes("yes"));
  } finally {
    await standIn.close();
  }
}
