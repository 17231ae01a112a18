import { Notes } from "./notes.ts";
import { type Report, ROUTES, type Route, type StepReport } from "./report.ts";
import { browser2024, browser2025 } from "./steps/browser.ts";
import { clock } from "./steps/clock.ts";
import { create2024 } from "./steps/create-2024.ts";
import { discovery2025 } from "./steps/discovery-2025.ts";
import { end2024 } from "./steps/end-2024.ts";
import { etags2024 } from "./steps/etags-2024.ts";
import { exchange2024 } from "./steps/exchange-2024.ts";
import { exchange2025 } from "./steps/exchange-2025.ts";
import { longPoll2025 } from "./steps/long-poll-2025.ts";
import { oauth } from "./steps/oauth.ts";
import { sizes2025 } from "./steps/sizes-2025.ts";
import { target } from "./steps/target.ts";
import { transport } from "./steps/transport.ts";
import { versions } from "./steps/versions.ts";
import { caching, latency } from "./steps/whole.ts";
import { verdictsOf, worksAsAsked } from "./verdicts.ts";
import type { Step, Visit } from "./visit.ts";
import { LIMITS, type Limits, Wire } from "./wire.ts";

const HOMESERVER: readonly Step[] = [versions, oauth];
const IN_2025: readonly Step[] = [discovery2025, exchange2025, longPoll2025, sizes2025, browser2025];
const IN_2024: readonly Step[] = [create2024, exchange2024, etags2024, browser2024, end2024];

/** What to examine, and how far to go. */
export interface ExamineOptions {
  /** A URL, a server name or a user ID. */
  readonly target: string;
  /** Sent to the homeserver's rendezvous API, as an existing device would; never printed. */
  readonly accessToken?: string | undefined;
  /** There is no homeserver at the target, only a rendezvous server. @default false */
  readonly rendezvousOnly?: boolean | undefined;
  /** What has to work for the report to be `ok`. @default something, and nothing that is offered fails */
  readonly expected?: readonly Route[] | undefined;
  /** How long it may take, and how much it may read. @default 180 s in all, 10 s and 256 KiB an answer */
  readonly limits?: Partial<Limits> | undefined;
  /** Ends the examination early; what was created is deleted all the same. */
  readonly signal?: AbortSignal | undefined;
  /** Hears the title of each step before it begins. */
  readonly onStep?: ((title: string) => void) | undefined;
}

/** Does what clients do at a homeserver, and says what comes of it. */
export async function examine(options: ExamineOptions): Promise<Report> {
  const { rendezvousOnly = false, expected = [] } = options;
  const limits = { ...LIMITS, ...options.limits };
  const visit = visitOf(options, limits);
  const reports: StepReport[] = [];
  try {
    const rest = [...(rendezvousOnly ? [] : HOMESERVER), ...IN_2025, ...IN_2024, caching, clock, latency];
    for (const step of [target, transport, ...rest]) reports.push(await take(step, visit, options.onStep));
  } finally {
    await deleteAll(visit.undeleted, limits);
  }
  const verdicts = verdictsOf(reports.flatMap(({ findings }) => findings));
  const ok = worksAsAsked(verdicts, expected);
  return { version: 1, target: options.target, baseUrl: visit.baseUrl, ok, steps: reports, verdicts };
}

function visitOf({ target, accessToken, rendezvousOnly = false, signal }: ExamineOptions, limits: Limits): VisitSoFar {
  const outOfTime = AbortSignal.timeout(limits.totalMs);
  const secrets = new Map(accessToken === undefined ? [] : [[accessToken, "(the access token)"]]);
  return {
    ...{ target, accessToken, rendezvousOnly, secrets },
    wire: new Wire(limits, signal === undefined ? outOfTime : AbortSignal.any([signal, outOfTime])),
    ...{ baseUrl: "", unreachable: false, features: new Map(), software: "", create2025: "no", longPollMs: 0 },
    ...{ session2024: undefined, undeleted: new Set(), sessionReads: [] },
  };
}

type VisitSoFar = Omit<Visit, "notes">;

async function take(step: Step, visit: VisitSoFar, onStep: ExamineOptions["onStep"]): Promise<StepReport> {
  const notes = new Notes(visit.secrets, visit.baseUrl);
  const current: Visit = Object.assign(visit, { notes });
  if (visit.wire.signal.aborted) unfinished(current);
  else if (visit.unreachable) notes.leaveOut("The homeserver cannot be asked.");
  else {
    onStep?.(step.title);
    await step.run(current);
  }
  return notes.report(step.id, step.title);
}

function unfinished({ notes, wire }: Visit): void {
  notes.leaveOut("Not asked any more.");
  notes.find("unfinished", ROUTES, { detail: wire.whyEnded() });
}

/** Nobody is to find what the doctor left behind. */
async function deleteAll(urls: Iterable<string>, limits: Limits): Promise<void> {
  const wire = new Wire(limits, new AbortController().signal);
  await Promise.all([...urls].map((url) => wire.ask("DELETE", url)));
}
