import type { Level, Mode, Prefix } from "../http/check.ts";
import { type ConformanceCheck, LEVELS, type Version } from "./catalogue.ts";

/** What came of a check. */
export interface Result {
  /** The check. */
  readonly check: ConformanceCheck;
  /** What is skipped was not run, and has not passed. */
  readonly outcome: "passed" | "failed" | "skipped";
  /** Why it failed, or was not run; empty where it passed. One line, without anything that a terminal acts upon. */
  readonly reason: string;
  /** How long it took, in milliseconds. */
  readonly tookMs: number;
}

/** What was found out about a server. */
export interface Report {
  /** Where the server is. */
  readonly baseUrl: string;
  /** The level that was asked for. */
  readonly level: Level;
  /** What is served, by the version: who may create sessions, and under which path of MSC4388. */
  readonly found: Readonly<Partial<Record<Version, Found>>>;
  /** In the order in which the checks were run. */
  readonly results: readonly Result[];
  /** How many requests were sent. */
  readonly requests: number;
}

/** How a version is served. */
export interface Found {
  /** Who may create sessions. */
  readonly mode: Mode;
  /** Where MSC4388 is served; the 2024 version has an unstable path alone. */
  readonly prefix: Prefix;
}

/** Whether a check counts at the level that was asked for; a failing one that does not is told, and forgiven. */
export function counts({ level }: ConformanceCheck, asked: Level): boolean {
  return LEVELS.indexOf(level) <= LEVELS.indexOf(asked);
}

/** Whether the server keeps to the texts: nothing failed that counts. */
export function conforms({ results, level }: Report): boolean {
  return !results.some(({ check, outcome }) => outcome === "failed" && counts(check, level));
}
