import { answered, creating2025, OF_2024, OF_2025, ORIGIN, type Step, withSession2024 } from "../visit.ts";
import { checkOrigin, exposes, preflight } from "./cors.ts";
import { PATH_2024 } from "./create-2024.ts";
import { create2025, PATH_2025 } from "./discovery-2025.ts";

export const browser2025: Step = creating2025({
  id: "browser-2025",
  title: "2025 version: web pages of other origins",
  async run(visit) {
    const { notes, wire, baseUrl } = visit;
    const collection = baseUrl + PATH_2025;
    await preflight(visit, { method: "POST", url: collection, headers: ["content-type", "authorization"] }, OF_2025);
    const session = await create2025(visit, "", "empty");
    if (session === undefined) return;
    await preflight(visit, { method: "PUT", url: session.url, headers: ["content-type"] }, OF_2025);
    for (const url of [session.url, `${collection}/does-not-exist`]) {
      const outcome = await wire.ask("GET", url, { headers: { Origin: ORIGIN } });
      notes.exchange(`GET ${url} from another origin`, outcome);
      if (answered(notes, outcome, "reading", OF_2025))
        checkOrigin(visit, outcome, `reading (${outcome.status})`, OF_2025);
    }
    notes.means("What browsers ask for before they let a web client in.");
  },
});

export const browser2024: Step = withSession2024({
  id: "browser-2024",
  title: "2024 version: web pages of other origins",
  async run(visit, session) {
    const { notes, wire, baseUrl } = visit;
    // Creating is a simple request: text/plain, and no header of a client's own.
    checkOrigin(visit, session.answer, "creating", OF_2024);
    if (!exposes(session.answer, "ETag")) notes.find("etag_hidden", OF_2024, { what: "creating" });
    for (const hop of session.answer.hops) {
      if (hop.headers.get("Access-Control-Allow-Origin") !== "*") notes.find("redirect_cors", OF_2024);
    }
    await preflight(visit, { method: "PUT", url: session.url, headers: ["content-type", "if-match"] }, OF_2024);
    await preflight(visit, { method: "GET", url: session.url, headers: ["if-none-match"] }, OF_2024);
    await preflight(visit, { method: "DELETE", url: session.url, headers: [] }, OF_2024);
    const outcome = await wire.ask("GET", session.url, { headers: { Origin: ORIGIN } });
    notes.exchange(`GET ${session.url} from another origin`, outcome);
    if (!answered(notes, outcome, "reading", OF_2024)) return;
    checkOrigin(visit, outcome, "reading", OF_2024);
    if (!exposes(outcome, "ETag")) notes.find("etag_hidden", OF_2024, { what: "reading" });
    notes.means(`What browsers ask for before they let a web client in, at ${baseUrl + PATH_2024}.`);
  },
});
