import assert from "node:assert/strict";
import { type DiagnosisName, type ExamineOptions, examine, printed, type Report } from "@matrix-rendezvous/doctor";
import { isCaseThere } from "./page.ts";
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

/** Examines without reads that are held, which take their time. */
export async function examined(options: ExamineOptions): Promise<Report> {
  return await examine({ ...options, limits: { holdMs: 0, ...options.limits } });
}

/** The first words of each answer of the report. */
export function answersOf({ verdicts }: Report): string {
  return verdicts.map(({ answer }) => answer).join(" ");
}

/** IDs, ETags and times are of this run, and a second may pass. */
function withoutChance(said: string): string {
  return said
    .replace(/[~\w-]{6}…/, "ID")
    .replaceAll(/"[\w-]{16}"/g, '"ETAG"')
    .replace(/(?<=without quotes: )[\w-]{16}/, "ETAG")
    .replaceAll(/\w{3}, \d\d \w{3} 20\d\d [\d:]{8} GMT/g, "TIME")
    .replaceAll(/\b(599|601) s\b/g, "600 s")
    .replaceAll(/\b(119|121) s\b/g, "120 s")
    .replaceAll(/\b\d+ ms\b/g, "SOME ms")
    .replace(/^\S*\[::ffff:7f00:1\]:\d+/, "ELSEWHERE")
    .replace(/(?<=hung up before it had answered \().*(?=\))/, "DETAIL");
}

/** Every finding's name. */
export function findingsOf({ steps }: Report): string[] {
  return [...new Set(steps.flatMap(({ findings }) => findings.map(({ name }) => name)))];
}

/** What the report says of a diagnosis, first in the JSON; it must be in the text as well. */
export function sentence(report: Report, name: DiagnosisName): string {
  const found = report.steps.flatMap(({ findings }) => findings).find((finding) => finding.name === name);
  assert.ok(found, `no ${name} but ${findingsOf(report).join(", ") || "nothing"}`);
  const lines = printed(report, false).split("\n");
  for (const line of lines) assert.ok(line.length <= 80, line);
  const text = lines.join("").replace(/\s+/g, "");
  assert.ok(text.includes(found.says.replace(/\s+/g, "")), "the text says it too");
  assert.ok(text.includes(found.change.replace(/\s+/g, "")), "the text says what to change");
  return found.says;
}

export async function check({ name, spoil, options = {}, answers, finding, says, ...mode }: Case): Promise<void> {
  isCaseThere(name, answers, finding);
  const standIn = await startStandIn(spoil, mode);
  try {
    const report = await examined({ target: standIn.url, ...options });
    const said = sentence(report, finding).replaceAll(standIn.url, "URL");
    assert.equal(withoutChance(said), says);
    assert.equal(answersOf(report), answers, findingsOf(report).join(", "));
    assert.equal(report.ok, !/no|limited/.test(answers.replaceAll("unknown", "")) && answers.includes("yes"));
  } finally {
    await standIn.close();
  }
}
