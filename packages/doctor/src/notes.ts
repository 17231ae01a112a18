import type { Outcome } from "./answer.ts";
import { DIAGNOSES, type DiagnosisName } from "./diagnoses.ts";
import { type Finding, ROUTES, type Route, type StepReport } from "./report.ts";

/** What a step writes down. Nothing secret gets in, and nothing that a terminal would obey. */
export class Notes {
  readonly #exchanges: { asked: string; came: string }[] = [];
  readonly #means: string[] = [];
  readonly #findings: Finding[] = [];
  readonly #secrets: ReadonlyMap<string, string>;
  readonly #baseUrl: string;
  #leftOut = false;

  constructor(secrets: ReadonlyMap<string, string>, baseUrl = "") {
    this.#secrets = secrets;
    this.#baseUrl = baseUrl;
  }

  /** What was asked, and what came back. `remark` is what of the answer matters here. */
  exchange(asked: string, outcome: Outcome, remark = ""): void {
    const hops = outcome.hops.map(({ status, headers }) => `${status} to ${headers.get("Location")}, then `).join("");
    const came = outcome.came ? String(outcome.status) : `no answer (${outcome.failure.replaceAll("_", " ")})`;
    this.said(asked, `${hops}${came}${remark && `: ${remark}`}`);
  }

  said(asked: string, came: string): void {
    // The base URL is known; what is elsewhere is written in full.
    const short = this.#baseUrl === "" ? asked : asked.replace(` ${this.#baseUrl}/`, " /");
    this.#exchanges.push({ asked: this.#clean(short), came: this.#clean(came) });
  }

  means(sentence: string): void {
    this.#means.push(this.#clean(sentence));
  }

  leaveOut(why: string): void {
    this.#leftOut = true;
    this.means(why);
  }

  find(
    name: DiagnosisName,
    affects: readonly Route[] = ROUTES,
    details: Readonly<Record<string, string>> = {},
  ): undefined {
    const known = this.#findings.find((finding) => finding.name === name);
    if (known !== undefined) {
      known.affects.push(...affects.filter((route) => !known.affects.includes(route)));
      return;
    }
    const { effect, says, change } = DIAGNOSES[name];
    const fill = (text: string): string =>
      this.#clean(
        text.replace(/\{(\w+)\}/g, (_, key: string) => details[key] ?? ""),
        600,
      );
    this.#findings.push({ name, effect, affects: [...affects], says: fill(says), change: fill(change) });
  }

  report(id: string, title: string): StepReport {
    const effects = this.#findings.map(({ effect }) => effect);
    const worst = effects.includes("breaks") ? "problem" : effects.some((one) => one !== "note") ? "attention" : "ok";
    const outcome = this.#leftOut && worst === "ok" ? "skipped" : worst;
    return { id, title, outcome, exchanges: this.#exchanges, means: this.#means, findings: this.#findings };
  }

  #clean(text: string, most = 300): string {
    let clean = text;
    for (const [secret, shown] of this.#secrets) clean = clean.replaceAll(secret, shown);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a server's words must not move the cursor
    clean = clean.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
    return clean.length > most ? `${clean.slice(0, most)}…` : clean;
  }
}
