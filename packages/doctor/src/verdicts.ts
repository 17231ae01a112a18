import type { Finding, Route, Verdict } from "./report.ts";
import { ROUTES } from "./report.ts";

const QUESTIONS: Readonly<Record<Route, string>> = {
  "2024-new": "Can a new device show a code? (clients of the 2024 version)",
  "2024-existing": "Can an existing device show one? (clients of the 2024 version)",
  "2025-new": "Can a new device show a code? (clients of the 2025 version)",
  "2025-existing": "Can an existing device show one? (clients of the 2025 version)",
};

/** What each effect makes of an answer, the strongest first; without any of them it is yes. */
const ANSWERS = [
  // Who does not offer it is not asked whether it would work.
  ["off", "off"],
  ["breaks", "no"],
  ["unknown", "unknown"],
  ["hinders", "limited"],
] as const;

export function verdictsOf(findings: readonly Finding[]): Verdict[] {
  return ROUTES.map((route) => {
    const about = findings.filter(({ affects }) => affects.includes(route));
    for (const [effect, answer] of ANSWERS) {
      const because = about.filter((finding) => finding.effect === effect).map(({ name }) => name);
      if (because.length > 0) return { route, question: QUESTIONS[route], answer, because: [...new Set(because)] };
    }
    return { route, question: QUESTIONS[route], answer: "yes", because: [] };
  });
}

/**
 * Whether what was asked for works: the expected routes, or where none are named, one at least, with none that is offered
 * and fails.
 */
export function worksAsAsked(verdicts: readonly Verdict[], expected: readonly Route[]): boolean {
  if (expected.length > 0) return verdicts.every(({ route, answer }) => answer === "yes" || !expected.includes(route));
  const answers = verdicts.map(({ answer }) => answer);
  return answers.includes("yes") && !answers.includes("no") && !answers.includes("limited");
}
