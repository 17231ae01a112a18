/** A way to sign in: which version's clients, and which device shows the code. */
export const ROUTES = ["2024-new", "2024-existing", "2025-new", "2025-existing"] as const;
export type Route = (typeof ROUTES)[number];

/**
 * - `breaks`: sign-in by that route fails.
 * - `off`: the homeserver does not offer it, and says so.
 * - `unknown`: it takes something that the doctor was not given to find out.
 * - `hinders`: it works, and not for all clients or not always.
 * - `note`: nothing is wrong; worth knowing.
 */
export type Effect = "breaks" | "off" | "unknown" | "hinders" | "note";

export interface Finding {
  /** The diagnosis, in the table of the documentation. */
  readonly name: string;
  readonly effect: Effect;
  readonly affects: Route[];
  /** What it means, in words for an administrator. */
  readonly says: string;
  /** What to change, with the setting's name. */
  readonly change: string;
}

export interface StepReport {
  readonly id: string;
  readonly title: string;
  readonly outcome: "ok" | "attention" | "problem" | "skipped";
  /** Every request, and what came back. */
  readonly exchanges: { readonly asked: string; readonly came: string }[];
  /** What that means. */
  readonly means: string[];
  readonly findings: Finding[];
}

export interface Verdict {
  readonly route: Route;
  readonly question: string;
  readonly answer: "yes" | "limited" | "no" | "off" | "unknown";
  /** Names of the findings that decided it. */
  readonly because: string[];
}

/** Everything that the doctor found, as `--json` prints it. */
export interface Report {
  /** Of this format. */
  readonly version: 1;
  /** As it was given. */
  readonly target: string;
  /** The homeserver's, as clients find it; empty where they do not. */
  readonly baseUrl: string;
  /** Whether what was asked for works. */
  readonly ok: boolean;
  readonly steps: StepReport[];
  readonly verdicts: Verdict[];
}
