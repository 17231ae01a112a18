import type { Budget } from "./budgets.ts";

/** What was measured of one subject, in rounds that took turns with those of the others in its group. */
export interface Row {
  readonly name: string;
  /** One value for each round, in the group's unit. */
  readonly rounds: readonly number[];
  /** Whether this is our server, and not what it is measured against. */
  readonly ours: boolean;
  /** The name of the row in the same group that it is divided by, round by round. */
  readonly against?: string | undefined;
  readonly budget?: Budget | undefined;
}

/** Subjects that were measured in the same way, side by side. */
export interface Group {
  readonly name: string;
  /** More of what is told by the second is better, and less of everything else. */
  readonly unit: "µs" | "ms" | "a second" | "bytes";
  /** Whether the chart shows it. */
  readonly isCharted?: true;
  readonly rows: readonly Row[];
}

/** A run, as it is kept in JSON. */
export interface Results {
  /** When it began, as ISO 8601 has it. */
  readonly date: string;
  readonly command: string;
  readonly machine: Machine;
  /** What was measured, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly groups: readonly Group[];
  /** Sections that were to be measured, and why they were not. */
  readonly failures: Readonly<Record<string, string>>;
}

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  /** Processes that wanted a core when the run began, on average over a minute: with more than a few tenths it was busy. */
  readonly load: number;
}
