import { stringify } from "yaml";
import { counts, type Report, type Result } from "./report.ts";

/** The report in version 14 of the Test Anything Protocol: https://testanything.org/tap-version-14-specification.html */
export function tap(report: Report): string {
  const points = report.results.flatMap((result, index) => pointOf(result, index + 1, report));
  return ["TAP version 14", `1..${report.results.length}`, ...points].join("\n");
}

/** TAP 14's directive for a failure that does not count; nothing of ours is left open. */
const UNCOUNTED = "# TODO";

function pointOf({ check, outcome, reason, tookMs }: Result, number: number, { level }: Report): string[] {
  const directive = {
    passed: "",
    skipped: ` # SKIP ${escaped(reason)}`,
    failed: counts(check, level) ? "" : ` ${UNCOUNTED} the level is ${check.level}, and ${level} was asked for`,
  }[outcome];
  const point = `${outcome === "failed" ? "not ok" : "ok"} ${number} - ${escaped(`${check.id} ${check.name}`)}${directive}`;
  if (outcome !== "failed") return [point];
  const facts = { message: reason, level: check.level, section: check.section, duration_ms: Math.round(tookMs) };
  // One line a fact: a line that is broken would have to be indented by the reader's rules.
  const lines = stringify(facts, { lineWidth: 0 }).trimEnd().split("\n");
  return [point, ...["---", ...lines, "..."].map((line) => `  ${line}`)];
}

/** A number sign would begin a directive. */
function escaped(text: string): string {
  return text.replace(/[\\#]/g, "\\$&");
}
