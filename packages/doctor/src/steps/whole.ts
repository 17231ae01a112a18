import { ROUTES } from "../report.ts";
import type { Step } from "../visit.ts";
import { cacheOf } from "./exchange-2025.ts";

/** More than that, and clients see sessions end too early or too late. */
const MOST_SKEW_MS = 30_000;
const SLOW_MS = 1_000;

export const caching: Step = {
  id: "caching",
  title: "Caches on the way",
  async run({ notes, sessionReads }) {
    if (sessionReads.length === 0) return notes.leaveOut("No session was read.");
    for (const { answer, affects } of sessionReads) {
      if (cacheOf(answer) !== "") notes.said("answers about sessions", cacheOf(answer));
      const control = answer.headers.get("Cache-Control") ?? "";
      // Synapse says must-revalidate or private: nobody may answer out of memory alone.
      if (!/no-store|no-cache/i.test(control)) notes.find("cacheable", affects, { what: "reading a session" });
      if (Number(answer.headers.get("Age") ?? 0) > 0) {
        notes.find("cached_by_cdn", affects, { what: "reading a session", headers: cacheOf(answer) });
      }
    }
    notes.means(`${sessionReads.length} answers about sessions were looked at.`);
  },
};

export const clock: Step = {
  id: "clock",
  title: "Clocks",
  async run({ notes, sessionReads }) {
    const dated = sessionReads.find(({ answer }) => answer.headers.has("Date"))?.answer;
    if (dated === undefined) return notes.leaveOut("No answer has a Date.");
    const skewMs = Date.parse(dated.headers.get("Date") ?? "") - dated.at;
    notes.said("the Date header", `${Math.round(skewMs / 1000)} s from the clock here`);
    if (Math.abs(skewMs) > MOST_SKEW_MS)
      notes.find("clock_wrong", ROUTES, { seconds: String(Math.abs(Math.round(skewMs / 1000))) });
    else notes.means("Both clocks agree.");
  },
};

export const latency: Step = {
  id: "latency",
  title: "How long answers take",
  async run({ notes, wire }) {
    const sorted = wire.latencies.toSorted((left, right) => left - right);
    const [median = 0, longest = 0] = [sorted[sorted.length >> 1], sorted.at(-1)].map((ms) => Math.round(ms ?? 0));
    notes.said(`${sorted.length} requests`, `half within ${median} ms, the longest ${longest} ms`);
    if (median > SLOW_MS) notes.find("slow", ROUTES, { ms: String(SLOW_MS) });
  },
};
