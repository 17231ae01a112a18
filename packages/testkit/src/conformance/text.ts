import { styleText } from "node:util";
import wrapAnsi from "wrap-ansi";
import type { ConformanceCheck, Version } from "./catalogue.ts";
import { conforms, counts, type Found, type Report, type Result } from "./report.ts";

const WIDTH = 80;
const INDENT = 6;

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

const TITLES: Readonly<Record<Version, string>> = {
  "2025": "2025 version (MSC4388)",
  "2024": "2024 version (MSC4108 of 2024)",
};

/** The report for people, in 80 columns; `colour` where a terminal shows it. */
export function text(report: Report, colour: boolean): string {
  // Whoever calls has looked at the terminal.
  const paint: Paint = (style, it) => (colour ? styleText(style, it, { validateStream: false }) : it);
  const versions = [...new Set(report.results.map(({ check }) => check.version))];
  const details = report.results.flatMap((result) => failureLines(result, report, paint));
  return [
    ...versions.flatMap((version) => [...versionLines(version, report, paint), ""]),
    ...details,
    ...skippedLines(report, paint),
    summary(report),
    conforms(report)
      ? paint("green", `The server keeps to what was asked for (level ${report.level}).`)
      : paint("red", `The server does not keep to what was asked for (level ${report.level}).`),
  ].join("\n");
}

function versionLines(version: Version, { results, found }: Report, paint: Paint): string[] {
  const own = results.filter(({ check }) => check.version === version);
  const groups = Map.groupBy(own, ({ check }) => groupOf(check));
  return [
    paint("bold", `${TITLES[version]}${howFound(version, found[version])}`),
    ...[...groups].map(([group, some]) => `  ${group.padEnd(16)}${talliesOf(some).join(", ")}`),
  ];
}

function howFound(version: Version, found: Found | undefined): string {
  if (found === undefined) return ", not served";
  return version === "2025" ? `, ${found.prefix} path, ${found.mode} to create` : "";
}

function groupOf({ id }: ConformanceCheck): string {
  return id.split(".")[1] ?? id;
}

function talliesOf(results: readonly Result[]): string[] {
  return (["passed", "failed", "skipped"] as const).flatMap((outcome) => {
    const number = results.filter((result) => result.outcome === outcome).length;
    return number === 0 ? [] : [`${number} ${outcome}`];
  });
}

function failureLines({ check, outcome, reason }: Result, { level }: Report, paint: Paint): string[] {
  if (outcome !== "failed") return [];
  const isFatal = counts(check, level);
  const label = isFatal ? paint("red", "FAIL") : paint("yellow", "miss");
  return [
    `${label}  ${paint("bold", check.id)} (${check.level}${isFatal ? "" : ", which was not asked for"})`,
    ...indented(check.name),
    ...indented(check.section).map((line) => paint("dim", line)),
    ...indented(reason),
    "",
  ];
}

/** Checks that were not run for one and the same reason are told together. */
function skippedLines({ results }: Report, paint: Paint): string[] {
  const reasons = Map.groupBy(
    results.filter(({ outcome }) => outcome === "skipped"),
    ({ reason }) => reason,
  );
  return [...reasons].flatMap(([reason, some]) => [
    `${paint("dim", "skip")}  ${some.length === 1 ? "1 check" : `${some.length} checks`}`,
    ...indented(reason),
    ...indented(some.map(({ check }) => check.id).join(" ")).map((line) => paint("dim", line)),
    "",
  ]);
}

function summary({ results, requests, level }: Report): string {
  const forgiven = results.filter(({ check, outcome }) => outcome === "failed" && !counts(check, level)).length;
  const beyond = forgiven === 0 ? "" : ` (${forgiven} beyond level ${level})`;
  return wrapAnsi(`${results.length} checks: ${talliesOf(results).join(", ")}${beyond}; ${requests} requests.`, WIDTH);
}

function indented(it: string): string[] {
  const lines = wrapAnsi(it, WIDTH - INDENT, { hard: true }).split("\n");
  return lines.map((line) => " ".repeat(INDENT) + line);
}

/** The checks themselves: of each its level, its ID, what it says and what it follows. */
export function list(checks: readonly ConformanceCheck[]): string {
  return checks
    .flatMap(({ id, level, name, section }) => [`${level.padEnd(8)}${id}`, ...indented(name), ...indented(section), ""])
    .join("\n")
    .trimEnd();
}
