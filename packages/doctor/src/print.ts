import { styleText } from "node:util";
import type { Finding, Report, StepReport, Verdict } from "./report.ts";

const WIDTH = 80;
const INDENT = 10;
const ANSWER_INDENT = 15;

type Style = Parameters<typeof styleText>[0];
type Paint = (style: Style, text: string) => string;

const OUTCOMES = {
  ok: ["green", "ok  "],
  attention: ["yellow", "look"],
  problem: ["red", "BAD "],
  skipped: ["dim", "skip"],
} as const;

const ANSWERS = {
  yes: ["green", "yes"],
  limited: ["yellow", "not for all"],
  no: ["red", "NO"],
  off: ["dim", "not offered"],
  unknown: ["yellow", "not known"],
} as const;

/** The report as text of 80 columns; `colour` where a terminal shows it. */
export function printed(report: Report, colour: boolean): string {
  // Whoever calls has looked at the terminal.
  const paint: Paint = (style, text) => (colour ? styleText(style, text, { validateStream: false }) : text);
  const steps = report.steps.flatMap((step) => [...stepLines(step, paint), ""]);
  const verdicts = report.verdicts.flatMap((verdict) => verdictLines(verdict, paint));
  const summary = report.ok
    ? paint("green", "What was asked for works.")
    : paint("red", "What was asked for does not work.");
  return [...steps, paint("bold", "So:"), ...verdicts, "", summary].join("\n");
}

function stepLines({ outcome, title, exchanges, means, findings }: StepReport, paint: Paint): string[] {
  const [style, word] = OUTCOMES[outcome];
  return [
    `${paint(style, word)}  ${paint("bold", title)}`,
    ...exchangeLines(exchanges).map((line) => paint("dim", line)),
    ...means.flatMap((sentence) => labelled("means", sentence)),
    ...findings.flatMap((finding) => findingLines(finding, paint)),
  ];
}

/** The folders that sessions are in, which is all that is long about their paths. */
const FOLDERS = /(?<=\s)\/(_matrix\/client\/unstable\/[\w.]+|_synapse\/client)(?=\/)/;

/** A folder is written once a step, and what was asked again and again with the same answer, too. */
function exchangeLines(exchanges: StepReport["exchanges"]): string[] {
  const known = new Set<string>();
  const shorter = (asked: string): string =>
    asked.replace(FOLDERS, (folder) => (known.size < known.add(folder).size ? folder : "…"));
  const lines: { readonly text: string; readonly key: string; times: number }[] = [];
  for (const { asked, came } of exchanges) {
    const key = `${asked} → ${came}`;
    const last = lines.at(-1);
    if (last?.key === key) last.times++;
    else lines.push({ text: `${shorter(asked)} → ${came}`, key, times: 1 });
  }
  return lines.flatMap(({ text, times }) => labelled("", times === 1 ? text : `${text} (${times} times)`));
}

function findingLines({ effect, name, says, change }: Finding, paint: Paint): string[] {
  const style = effect === "breaks" ? "red" : effect === "note" ? "dim" : "yellow";
  return [
    ...labelled(effect, says).map((line, i) => (i === 0 ? line.replace(effect, paint(style, effect)) : line)),
    ...labelled("change", change),
    ...labelled("", `(${name})`).map((line) => paint("dim", line)),
  ];
}

function verdictLines({ question, answer, because }: Verdict, paint: Paint): string[] {
  const [style, word] = ANSWERS[answer];
  const why = because.length > 0 ? wrapped(`(${because.join(", ")})`, WIDTH - ANSWER_INDENT) : [];
  return [
    `  ${paint(style, word.padEnd(ANSWER_INDENT - 2))}${question}`,
    ...why.map((line) => paint("dim", " ".repeat(ANSWER_INDENT) + line)),
  ];
}

function labelled(label: string, text: string): string[] {
  return wrapped(text, WIDTH - INDENT).map(
    (line, i) => (i === 0 ? label : "").padStart(INDENT - 2).padEnd(INDENT) + line,
  );
}

/** Lines of at most `width`; a word that is longer is cut. */
export function wrapped(text: string, width: number): string[] {
  const lines = [""];
  const words = text.split(" ").flatMap((word) => word.match(new RegExp(`.{1,${width}}`, "gu")) ?? [""]);
  for (const word of words) {
    const last = lines.at(-1) ?? "";
    if (last === "") lines[lines.length - 1] = word;
    else if (last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
