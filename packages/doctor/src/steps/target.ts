import { type Answer, isHtml, jsonOf } from "../answer.ts";
import { ROUTES } from "../report.ts";
import { isHttpUrl } from "../url.ts";
import { answered, ORIGIN, type Step, type Visit } from "../visit.ts";

/** Where `.well-known` is to be asked, and the base URL where that says nothing. */
interface Place {
  readonly origin: string;
  /** Empty where only `.well-known` can say. */
  readonly baseUrl: string;
}

/** A URL, a server name or a user ID. */
function placeOf(target: string): Place | undefined {
  const name = target.startsWith("@") ? target.slice(target.indexOf(":") + 1) : target;
  if (target.startsWith("@") && !target.includes(":")) return undefined;
  if (/^(?!https?:)\w+:\/\//i.test(name)) return undefined;
  const written = /^https?:\/\//i.test(name) ? name : `https://${name}`;
  if (!URL.canParse(written)) return undefined;
  const { origin, pathname, username, search, hash } = new URL(written);
  if (username !== "" || search !== "" || hash !== "") return undefined;
  return { origin, baseUrl: origin + pathname.replace(/\/+$/, "") };
}

/** Client-Server API, "Server discovery". */
export const target: Step = {
  id: "target",
  title: "Where the homeserver is",
  async run(visit) {
    const { notes } = visit;
    const place = placeOf(visit.target);
    if (place === undefined) {
      visit.unreachable = true;
      return notes.find("not_an_address");
    }
    visit.baseUrl = place.baseUrl;
    if (visit.rendezvousOnly) return notes.means(`The rendezvous server is taken to be at ${place.baseUrl}.`);
    // A URL with a path is a base URL already.
    if (place.baseUrl === place.origin) await askWellKnown(visit, place.origin);
    if (visit.baseUrl !== "") notes.means(`Clients use ${visit.baseUrl}.`);
  },
};

async function askWellKnown(visit: Visit, origin: string): Promise<void> {
  const { notes, wire } = visit;
  const url = `${origin}/.well-known/matrix/client`;
  const outcome = await wire.ask("GET", url, { headers: { Origin: ORIGIN } });
  const baseUrl = outcome.came ? baseUrlIn(outcome) : undefined;
  notes.exchange(`GET ${url}`, outcome, baseUrl && `base_url ${baseUrl}`);
  // The homeserver itself may answer all the same: the next steps tell.
  if (!answered(notes, outcome, ".well-known", ROUTES)) visit.unreachable = true;
  else if (outcome.status === 404) notes.find("well_known_missing");
  else if (baseUrl === undefined || outcome.status !== 200) return invalid(visit, outcome);
  else follow(visit, outcome, baseUrl);
}

function baseUrlIn(answer: Answer): string | undefined {
  const homeserver = jsonOf(answer)?.["m.homeserver"];
  const url: unknown =
    typeof homeserver === "object" && homeserver !== null && "base_url" in homeserver && homeserver.base_url;
  return typeof url === "string" && isHttpUrl(url) && !/[?#]/.test(url) ? url : undefined;
}

function invalid({ notes }: Visit, answer: Answer): void {
  // Where no file is wanted, many sites answer with their front page; clients stop at it all the same.
  notes.find("well_known_invalid", ROUTES, { status: `${answer.status}${isHtml(answer) ? ", a web page" : ""}` });
}

function follow(visit: Visit, answer: Answer, baseUrl: string): void {
  const { notes } = visit;
  const { origin, pathname } = new URL(baseUrl);
  visit.baseUrl = origin + pathname.replace(/\/+$/, "");
  if (answer.headers.get("Access-Control-Allow-Origin") !== "*") notes.find("well_known_cors");
  if (baseUrl.endsWith("/")) notes.find("base_url_slash", ROUTES, { url: baseUrl });
  if (baseUrl.startsWith("http:") && answer.url.startsWith("https:"))
    notes.find("base_url_http", ROUTES, { url: baseUrl });
}
