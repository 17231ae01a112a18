import { stripVTControlCharacters } from "node:util";
import type { Courtesy, HttpTarget, Level, Prefix } from "../http/check.ts";
import { NoAnswer } from "../http/exchange.ts";
import { CATALOGUE, type ConformanceCheck, type Runnable, type Version } from "./catalogue.ts";
import { probe2024, probe2025, SERVED } from "./probe.ts";
import type { Found, Report, Result } from "./report.ts";

/** Longest wait for one answer, in milliseconds. */
const WAIT_MS = 10_000;

/** For how long in all answers of 429 are waited out, in milliseconds. */
const PATIENCE_MS = 900_000;

/** After so many checks in a row without an answer, the server is taken to be away. */
const UNANSWERED = 3;

/** Of what is told about a failure, in characters. */
const LONGEST_REASON = 320;

/** What is checked, and how. */
export interface ConformanceOptions {
  /** `http` or `https`, with the path that the Matrix routes are under, if any. */
  readonly baseUrl: string;
  /** Whose checks are run. @default both */
  readonly versions?: readonly Version[] | undefined;
  /**
   * What has to hold. What is beyond it is checked as well, and told; but for `own`, which is only checked if asked for.
   *
   * @default "must"
   */
  readonly level?: Level | undefined;
  /** Parts of sections' titles or of IDs; a check is run if it has any of them. @default every check is */
  readonly sections?: readonly string[] | undefined;
  /** Of a user who may create sessions, for a server that asks for one. It goes to the base URL's origin alone. */
  readonly accessToken?: string | undefined;
  /** The path of MSC4388. @default the unstable one, or the stable one where that is not served */
  readonly prefix?: Prefix | undefined;
  /** Wait until a session has expired, for each version. @default false */
  readonly waitForExpiry?: boolean | undefined;
  /** Longest wait for one answer, in milliseconds. @default 10000 */
  readonly waitMs?: number | undefined;
  /** Ends it after the check that is under way, which still removes what it created. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each check before it is run. */
  readonly onCheck?: ((id: string) => void) | undefined;
}

/** The checks that these options ask for, in the order in which they are run. */
export function selected(options: ConformanceOptions): ConformanceCheck[] {
  return runnablesOf(options).map(({ check }) => check);
}

function runnablesOf({ versions = ["2025", "2024"], level = "must", sections = [] }: ConformanceOptions): Runnable[] {
  const wanted = sections.map((part) => part.toLowerCase());
  return CATALOGUE.filter(({ check }) => {
    const text = `${check.section}\n${check.id}`.toLowerCase();
    if (!versions.includes(check.version) || (check.level === "own" && level !== "own")) return false;
    return wanted.length === 0 || wanted.some((part) => text.includes(part));
  });
}

/**
 * Checks any rendezvous server, one request after the other, and removes what it created there.
 *
 * Nothing about the server makes it reject: what goes wrong is in the report.
 */
export async function runConformance(options: ConformanceOptions): Promise<Report> {
  const { baseUrl, level = "must" } = options;
  const runnables = runnablesOf(options);
  const manners = new Manners();
  const found: Partial<Record<Version, Found>> = {};
  const results: Result[] = [];
  for (const version of new Set(runnables.map(({ check }) => check.version))) {
    const target = targetOf(options, manners);
    const { served, state } = await probed(version, target, options.prefix);
    results.push({ ...served, reason: shown(served.reason, options) });
    if (state !== undefined) found[version] = state;
    const own = runnables.filter(({ check }) => check.version === version);
    results.push(...(await runAll(own, { version, target, state, options })));
  }
  return { baseUrl, level, found, results, requests: manners.requests };
}

interface Round {
  readonly options: ConformanceOptions;
  readonly version: Version;
  readonly target: HttpTarget;
  /** `undefined` where the version is not served. */
  readonly state: Found | undefined;
}

async function runAll(runnables: readonly Runnable[], { version, target, state, options }: Round): Promise<Result[]> {
  const results: Result[] = [];
  let unanswered = 0;
  const mode = state?.mode ?? "open";
  const place = {
    target: { ...target, mode, accessToken: mode === "open" ? undefined : target.accessToken },
    prefix: state?.prefix ?? "unstable",
    strict: options.level === "own",
  } as const;
  for (const runnable of runnables) {
    const { check } = runnable;
    const obstacle =
      (state === undefined ? `needs a session, and none can be created (${SERVED[version].id})` : undefined) ??
      (unanswered >= UNANSWERED ? "needs a server that answers, which this one has ceased to do" : undefined) ??
      (options.signal?.aborted ? "needs time, and was interrupted" : undefined) ??
      runnable.obstacle(place.target);
    if (obstacle !== undefined) {
      results.push({ check, outcome: "skipped", reason: obstacle, tookMs: 0 });
      continue;
    }
    options.onCheck?.(check.id);
    const begun = performance.now();
    const error = await runnable.run(place).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    const tookMs = performance.now() - begun;
    unanswered = isNoAnswer(error) ? unanswered + 1 : 0;
    if (error === undefined) results.push({ check, outcome: "passed", reason: "", tookMs });
    else results.push({ check, outcome: "failed", reason: shown(messageOf(error), options), tookMs });
  }
  return results;
}

async function probed(
  version: Version,
  target: HttpTarget,
  prefix: Prefix | undefined,
): Promise<{ readonly served: Result; readonly state?: Found }> {
  const check = SERVED[version];
  const prefixes = prefix === undefined ? (["unstable", "stable"] as const) : [prefix];
  const begun = performance.now();
  try {
    const state = await (version === "2025" ? probe2025(target, prefixes) : probe2024(target));
    return { served: { check, outcome: "passed", reason: "", tookMs: performance.now() - begun }, state };
  } catch (error) {
    return { served: { check, outcome: "failed", reason: messageOf(error), tookMs: performance.now() - begun } };
  }
}

function targetOf(
  { baseUrl, accessToken, waitForExpiry, waitMs = WAIT_MS }: ConformanceOptions,
  courtesy: Courtesy,
): HttpTarget {
  return { baseUrl, mode: "open", accessToken, waitForExpiry, waitMs, courtesy };
}

/** How this kit behaves on other people's servers. */
class Manners implements Courtesy {
  requests = 0;
  #waitedMs = 0;

  onRequest(): void {
    this.requests += 1;
  }

  mayWait(milliseconds: number): boolean {
    this.#waitedMs += milliseconds;
    return this.#waitedMs <= PATIENCE_MS;
  }
}

function isNoAnswer(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof Error && isNoAnswer(error.cause));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a server says is for nobody's terminal to act upon, and it may say the access token. */
function shown(text: string, { accessToken }: ConformanceOptions): string {
  const safe = accessToken ? text.replaceAll(accessToken, "(the access token)") : text;
  const line = stripVTControlCharacters(safe).replace(/\s+/g, " ").replace(/\p{C}/gu, "\ufffd").trim();
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON)} …` : line;
}
