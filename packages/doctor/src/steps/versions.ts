import { jsonOf } from "../answer.ts";
import { ROUTES } from "../report.ts";
import { answered, commonTrouble, type Step } from "../visit.ts";

export const FLAG_2024 = "org.matrix.msc4108";
export const FLAG_2025 = "io.element.msc4388";

export const versions: Step = {
  id: "versions",
  title: "What the homeserver offers",
  async run(visit) {
    const { notes, wire, baseUrl } = visit;
    const url = `${baseUrl}/_matrix/client/versions`;
    const outcome = await wire.ask("GET", url);
    const body = outcome.came ? jsonOf(outcome) : undefined;
    const features: unknown = body?.["unstable_features"];
    visit.features = new Map(typeof features === "object" && features !== null ? Object.entries(features) : []);
    const flags = [FLAG_2024, FLAG_2025]
      .map((flag) => `${flag}: ${visit.features.get(flag) ?? "not there"}`)
      .join(", ");
    notes.exchange(`GET ${url}`, outcome, body && flags);
    if (!answered(notes, outcome, "/versions", ROUTES)) {
      visit.unreachable = true;
      return;
    }
    visit.software = outcome.headers.get("Server") ?? "";
    if (commonTrouble(notes, outcome, "/versions", ROUTES)) return;
    if (outcome.status === 404) return notes.find("not_a_homeserver");
    if (outcome.status !== 200 || !Array.isArray(body?.["versions"])) {
      return notes.find("versions_invalid", ROUTES, { status: String(outcome.status) });
    }
    notes.means(
      visit.features.get(FLAG_2024) === true
        ? "Clients of the 2024 version are told that it is there. Those of the 2025 version ask elsewhere."
        : "Clients of the 2024 version are not told of it. Those of the 2025 version ask elsewhere.",
    );
  },
};
