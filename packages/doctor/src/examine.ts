import { Notes } from "./notes.ts";
import type { Report, Route, StepReport } from "./report.ts";
import { browser2024, browser2025 } from "./steps/browser.ts";
import { create2024 } from "./steps/create-2024.ts";
import { discovery2025 } from "./steps/discovery-2025.ts";
import { end2024 } from "./steps/end-2024.ts";
import { etags2024 } from "./steps/etags-2024.ts";
import { exchange2024 } from "./steps/exchange-2024.ts";
import { exchange2025 } from "./steps/exchange-2025.ts";
import { oauth } from "./steps/oauth.ts";
import { sizes2025 } from "./steps/sizes-2025.ts";
import { target } from "./steps/target.ts";
import { transport } from "./steps/transport.ts";
import { versions } from "./steps/versions.ts";
import { caching, clock, latency } from "./steps/whole.ts";
import { verdictsOf, worksAsAsked } from "./verdicts.ts";
import type { Step, Visit } from "./visit.ts";
import { LIMITS, type Limits, Wire } from "./wire.ts";

const HOMESERVER: readonly Step[] = [versions, oauth];
const IN_2025: readonly Step[] = [discovery2025, exchange2025, sizes2025, browser2025];
const IN_2024: readonly Step[] = [create2024, exchange2024, etags2024, browser2024, end2024];

export interface ExamineOptions {
  /** A URL, a server name or a user ID. */
  readonly target: string;
  /** Sent to the homeserver's rendezvous API, as an existing device would; never printed. */
  readonly accessToken?: string | undefined;
  /** There is no homeserver at the target, only a rendezvous server. @default false */
  readonly rendezvousOnly?: boolean | undefined;
  /** What has to work for the report to be `ok`. @default something, and nothing that is offered fails */
  readonly expected?: readonly Route[] | undefined;
  /** @default LIMITS */
  readonly limits?: Partial<Limits> | undefined;
  /** Ends the examination early; what was created is deleted all the same. */
  readonly signal?: AbortSignal | undefined;
  /** Hears the title of each step before it begins. */
  readonly onStep?: ((title: string) => void) | undefined;
}

/** Does what clients do at a homeserver, and says what comes of it. */
export async function examine(options: ExamineOptions): Promise<Report> {
  const { accessToken, rendezvousOnly = false, expected = [], signal = new AbortController().signal } = options;
  const limits = { ...LIMITS, ...options.limits };
  const secrets = new Map(accessToken === undefined ? [] : [[accessToken, "(the access token)"]]);
  const visit: Omit<Visit, "notes"> = {
    ...{ target: options.target, accessToken, rendezvousOnly, secrets },
    ...{ wire: new Wire(limits, signal), baseUrl: "", unreachable: false, features: new Map(), software: "" },
    ...{ create2025: "no", session2024: undefined, undeleted: new Set(), sessionReads: [] },
  };
  const steps: StepReport[] = [];
  try {
    const rest = [...(rendezvousOnly ? [] : HOMESERVER), ...IN_2025, ...IN_2024, caching, clock, latency];
    for (const step of [target, transport, ...rest]) {
      if (signal.aborted) break;
      options.onStep?.(step.title);
      const notes = new Notes(secrets, visit.baseUrl);
      const current: Visit = Object.assign(visit, { notes });
      if (current.unreachable) notes.leaveOut("The homeserver cannot be asked.");
      else await step.run(current);
      steps.push(notes.report(step.id, step.title));
    }
  } finally {
    await deleteAll(visit.undeleted, limits);
  }
  const verdicts = verdictsOf(steps.flatMap(({ findings }) => findings));
  const ok = worksAsAsked(verdicts, expected) && !signal.aborted;
  return { version: 1, target: options.target, baseUrl: visit.baseUrl, ok, steps, verdicts };
}

/** Nobody is to find what the doctor left behind. */
async function deleteAll(urls: Iterable<string>, limits: Limits): Promise<void> {
  const wire = new Wire(limits, new AbortController().signal);
  await Promise.all([...urls].map((url) => wire.ask("DELETE", url)));
}
