import { answered, OF_2024, type Step, withSession2024 } from "../visit.ts";
import { isMethodRefused } from "./exchange-2025.ts";

export const end2024: Step = withSession2024({
  id: "end-2024",
  title: "2024 version: ending a session",
  async run(visit, session) {
    const { notes, wire } = visit;
    const { url } = session;
    const deleted = await wire.ask("DELETE", url);
    notes.exchange(`DELETE ${url}`, deleted);
    if (!answered(notes, deleted, "deleting", OF_2024)) return;
    const status = String(deleted.status);
    if (isMethodRefused(deleted))
      return notes.find("method_refused", OF_2024, { what: "deleting", method: "DELETE", status });
    const gone = await wire.ask("GET", url);
    notes.exchange(`GET ${url}`, gone);
    if (!answered(notes, gone, "reading", OF_2024)) return;
    if (gone.status === 200) return notes.find("not_deleted_2024", OF_2024, { status: "200" });
    visit.undeleted.delete(url);
    notes.means("A device that cancels is noticed by the other.");
  },
});
