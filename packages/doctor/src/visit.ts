import { type Answer, isHtml, type Outcome } from "./answer.ts";
import type { DiagnosisName } from "./diagnoses.ts";
import type { Notes } from "./notes.ts";
import type { Route } from "./report.ts";
import type { Wire } from "./wire.ts";

export const OF_2024 = ["2024-new", "2024-existing"] as const;
export const OF_2025 = ["2025-new", "2025-existing"] as const;

/** An origin that is not the homeserver's, as a web client has. */
export const ORIGIN = "https://web-client.example";

export interface Options {
  readonly target: string;
  readonly accessToken: string | undefined;
  /** There is no homeserver at the target, only a rendezvous server. */
  readonly rendezvousOnly: boolean;
}

export interface Session2024 {
  readonly url: string;
  readonly etag: string;
  /** The one to its creation. */
  readonly answer: Answer;
}

/** What the steps learn from each other. */
export interface Visit extends Options {
  readonly wire: Wire;
  readonly notes: Notes;
  /** Without a slash at its end; empty until it is known. */
  baseUrl: string;
  /** Nobody answers there: the other steps need not try. */
  unreachable: boolean;
  features: ReadonlyMap<string, unknown>;
  /** The `Server` header of the homeserver. */
  software: string;
  /** Whether sessions of the 2025 version can be created, and with the access token only. */
  create2025: "no" | "open" | "with-token";
  /** How long the server offers to hold a read, in milliseconds; 0 where it does not. */
  longPollMs: number;
  /** The session of the 2024 version that the steps use. */
  session2024: Session2024 | undefined;
  /** Deletes a session that was created, unless a step has done so: by URL. */
  readonly undeleted: Set<string>;
  /** Text that is not to be printed, and what is printed instead. */
  readonly secrets: Map<string, string>;
  /** Answers that had a session in them. */
  readonly sessionReads: { readonly answer: Answer; readonly affects: readonly Route[] }[];
}

export interface Step {
  readonly id: string;
  readonly title: string;
  run(visit: Visit): Promise<void>;
}

/** A step that creates sessions of the 2025 version, left out where that cannot be. */
export function creating2025(step: Step): Step {
  const run = async (visit: Visit): Promise<void> =>
    visit.create2025 === "no" ? visit.notes.leaveOut("No session can be created.") : await step.run(visit);
  return { ...step, run };
}

interface StepOf2024 extends Omit<Step, "run"> {
  run(visit: Visit, session: Session2024): Promise<void>;
}

/** A step about the session of the 2024 version, left out where there is none. */
export function withSession2024(step: StepOf2024): Step {
  const run = async (visit: Visit): Promise<void> =>
    visit.session2024 ? await step.run(visit, visit.session2024) : visit.notes.leaveOut("There is no session.");
  return { ...step, run };
}

/** Notes why nothing came, and gives whether something did. */
export function answered(notes: Notes, outcome: Outcome, what: string, affects: readonly Route[]): outcome is Answer {
  if (outcome.came) return true;
  notes.find(outcome.failure, affects, { what, url: new URL(outcome.url).origin, detail: outcome.detail });
  return false;
}

/** The diagnoses that are about any answer, whatever was asked. Gives whether there was one. */
export function commonTrouble(notes: Notes, answer: Answer, what: string, affects: readonly Route[]): boolean {
  const find = (name: DiagnosisName): true => {
    notes.find(name, affects, { what, status: String(answer.status), url: new URL(answer.url).origin });
    return true;
  };
  if (answer.status === 429) return find("rate_limited");
  if ([502, 503, 504].includes(answer.status)) return find("backend_away");
  if (answer.status === 403 && isHtml(answer)) return find("firewall");
  if (isHtml(answer) && answer.status !== 404 && answer.status !== 405) return find("html_answer");
  if ([301, 302, 303].includes(answer.status)) return find("redirect_loses_body");
  return false;
}

/** What is shorter is no secret, and would be found in every other word. */
const SHORTEST_SECRET = 8;

/** Remembers a session that is to be deleted, and keeps its ID out of the report. */
export function created(visit: Visit, url: string, id: string): void {
  visit.undeleted.add(url);
  if (id.length >= SHORTEST_SECRET) visit.secrets.set(id, `${id.slice(0, 6)}…`);
}
