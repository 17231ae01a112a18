import type { Answer } from "../answer.ts";
import { OF_2024, type Step, type Visit } from "../visit.ts";

/** More than that, and clients see sessions end too early or too late. */
const MOST_SKEW_MS = 30_000;

/** More milliseconds than this make a timer of a browser fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const clock: Step = {
  id: "clock",
  title: "Clocks",
  async run({ notes, sessionReads, session2024 }) {
    const answer = session2024?.answer ?? sessionReads.find((read) => read.answer.headers.has("Date"))?.answer;
    if (answer === undefined) return notes.leaveOut("No answer about a session was read.");
    // The reverse proxy mostly says Date by its own clock; a new session was modified by the clock behind it.
    const clocks = { "the server": "Date", "the server behind the reverse proxy": "Last-Modified" };
    for (const [whose, header] of Object.entries(clocks)) {
      const skewMs = session2024 === undefined && header !== "Date" ? undefined : skewOf(answer, header);
      if (skewMs === undefined) continue;
      const seconds = String(Math.abs(Math.round(skewMs / 1000)));
      const way = skewMs < 0 ? "behind" : "ahead of";
      // The header has whole seconds.
      const isSame = Math.abs(skewMs) < 2_000;
      notes.said(`the header ${header}`, isSame ? "the time here" : `${seconds} s ${way} the time here`);
      if (Math.abs(skewMs) > MOST_SKEW_MS) return notes.find("clock_wrong", OF_2024, { whose, seconds, way });
    }
    notes.means("The clocks agree.");
  },
};

/** How far that time is ahead of the clock here, in milliseconds; `undefined` where the answer has none. */
function skewOf({ headers, at }: Answer, header: string): number | undefined {
  const skewMs = Date.parse(headers.get(header) ?? "") - at;
  return Number.isNaN(skewMs) ? undefined : skewMs;
}

/** Judges when a new session ends, to a client: by its header, unless it is the clocks' fault. */
export function expiry({ notes }: Visit, answer: Answer): undefined {
  const value = answer.headers.get("Expires");
  if (value === null) return notes.find("expires_missing", OF_2024);
  const leftMs = Date.parse(value) - answer.at;
  if (isLifetime(leftMs)) return;
  const skewMs = skewOf(answer, "Last-Modified") ?? skewOf(answer, "Date") ?? 0;
  if (skewMs > -MOST_SKEW_MS || !isLifetime(leftMs - skewMs)) return notes.find("expires_invalid", OF_2024, { value });
  notes.find("clock_ends_sessions", OF_2024, { value, seconds: String(Math.round(-skewMs / 1000)) });
}

function isLifetime(ms: number): boolean {
  return ms > 0 && ms <= LONGEST_TIMER_MS;
}
