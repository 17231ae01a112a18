/** A way to sign in: which version's clients, and which device shows the code. */
export const ROUTES = ["2024-new", "2024-existing", "2025-new", "2025-existing"] as const;
/** One of {@link ROUTES}. */
export type Route = (typeof ROUTES)[number];

/**
 * - `breaks`: sign-in by that route fails.
 * - `off`: the homeserver does not offer it, and says so.
 * - `unknown`: it takes something that the doctor was not given to find out.
 * - `hinders`: it works, and not for all clients or not always.
 * - `note`: nothing is wrong; worth knowing.
 */
export type Effect = "breaks" | "off" | "unknown" | "hinders" | "note";

/** Something that the doctor has to say. */
export interface Finding {
  /** The diagnosis, in the table of the documentation. */
  readonly name: string;
  /** How bad it is. */
  readonly effect: Effect;
  /** The ways to sign in that it is about. */
  readonly affects: Route[];
  /** What it means, in words for an administrator. */
  readonly says: string;
  /** What to change, with the setting's name. */
  readonly change: string;
}

/** What one step of the examination asked, saw and found. */
export interface StepReport {
  /** Stable, such as `versions`. */
  readonly id: string;
  /** What the step is about, for people. */
  readonly title: string;
  /** `problem`: a finding breaks something. `attention`: one is more than a note. `skipped`: nothing was asked. */
  readonly outcome: "ok" | "attention" | "problem" | "skipped";
  /** Every request, and what came back. */
  readonly exchanges: { readonly asked: string; readonly came: string }[];
  /** What that means. */
  readonly means: string[];
  /** In the order in which they turned up. */
  readonly findings: Finding[];
}

/** Whether one way to sign in works. */
export interface Verdict {
  /** The way. */
  readonly route: Route;
  /** The same as a question, for people. */
  readonly question: string;
  /** `limited`: not for all clients, or not always. `off`: not offered. `unknown`: not to be found out. */
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
  /** In the order in which they were done. */
  readonly steps: StepReport[];
  /** One for each way to sign in. */
  readonly verdicts: Verdict[];
}
