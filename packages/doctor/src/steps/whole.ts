import { ROUTES } from "../report.ts";
import type { Step } from "../visit.ts";
import { cacheOf } from "./exchange-2025.ts";

export const caching: Step = {
  id: "caching",
  title: "Caches on the way",
  async run({ notes, sessionReads }) {
    if (sessionReads.length === 0) return notes.leaveOut("No session was read.");
    const controls = new Set<string>();
    for (const { answer, affects } of sessionReads) {
      if (cacheOf(answer) !== "") notes.said("answers about sessions", cacheOf(answer));
      const control = answer.headers.get("Cache-Control") ?? "";
      controls.add(control || "none");
      // Synapse says must-revalidate or private: nobody may answer out of memory alone.
      if (!/no-store|no-cache/i.test(control)) notes.find("cacheable", affects, { what: "reading a session" });
      if (Number(answer.headers.get("Age") ?? 0) > 0) {
        notes.find("cached_by_cdn", affects, { what: "reading a session", headers: cacheOf(answer) });
      }
    }
    notes.said(`Cache-Control of ${sessionReads.length} answers about sessions`, [...controls].join("; "));
    notes.means("What matters is that no cache answers out of its memory.");
  },
};

export const latency: Step = {
  id: "latency",
  title: "How long answers take",
  async run({ notes, wire }) {
    const { slowMs } = wire.limits;
    const sorted = wire.latencies.toSorted((left, right) => left - right);
    if (sorted.length === 0) return notes.leaveOut("Nothing was answered.");
    const [median = 0, longest = 0] = [sorted[sorted.length >> 1], sorted.at(-1)].map((ms) => Math.round(ms ?? 0));
    notes.said(`${sorted.length} requests`, `half within ${median} ms, the longest ${longest} ms`);
    const dripMs = Math.round(wire.longestBodyMs);
    if (dripMs > slowMs) notes.find("dripping", ROUTES, { ms: String(dripMs) });
    if (median > slowMs) return notes.find("slow", ROUTES, { ms: String(slowMs) });
    notes.means("A sign-in, of a dozen requests one after another, does not wait for the server.");
  },
};
