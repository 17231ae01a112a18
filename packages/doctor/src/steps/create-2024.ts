import { type Answer, errcodeOf, jsonOf } from "../answer.ts";
import { isHttpUrl } from "../url.ts";
import { answered, commonTrouble, created, OF_2024, ORIGIN, type Step, type Visit } from "../visit.ts";
import { expiry } from "./clock.ts";
import { isLocal } from "./transport.ts";
import { FLAG_2024 } from "./versions.ts";

export const PATH_2024 = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";

export const text = { "Content-Type": "text/plain" } as const;

/** MSC4108 of 2024, "Create a new rendezvous session". */
export const create2024: Step = {
  id: "create-2024",
  title: "2024 version: creating a session",
  async run(visit) {
    const { notes, wire, baseUrl } = visit;
    const url = baseUrl + PATH_2024;
    const outcome = await wire.ask("POST", url, { headers: { ...text, Origin: ORIGIN }, body: "", creates: true });
    const sessionUrl = outcome.came ? urlIn(outcome) : undefined;
    if (sessionUrl !== undefined) created(visit, sessionUrl, sessionUrl.split("/").at(-1) ?? sessionUrl);
    notes.exchange(`POST ${url} (empty)`, outcome, sessionUrl && `url ${sessionUrl}`);
    const [hop] = outcome.hops;
    const detail = outcome.came ? String(outcome.status) : outcome.failure.replaceAll("_", " ");
    if (hop !== undefined && outcome.url !== url && detail !== "201" && detail !== "unfinished") {
      return delegated(visit, outcome.url, detail);
    }
    if (!answered(notes, outcome, "creating", OF_2024)) return;
    if (isMissing(outcome)) return missing(visit, outcome);
    if (commonTrouble(notes, outcome, "creating", OF_2024)) return;
    judge(visit, outcome, sessionUrl);
  },
};

function urlIn(answer: Answer): string | undefined {
  const url = jsonOf(answer)?.["url"];
  return answer.status === 201 && typeof url === "string" && isHttpUrl(url) ? url : undefined;
}

function isMissing({ status }: Answer): boolean {
  return status === 404 || status === 405;
}

function delegated({ notes }: Visit, url: string, detail: string): void {
  notes.find(/\/$/.test(new URL(url).pathname) && detail === "404" ? "delegation_slash" : "delegation_dead", OF_2024, {
    url,
    detail,
  });
}

function missing({ notes, features }: Visit, { url }: Answer): undefined {
  if (features.get(FLAG_2024) === true) notes.find("create_not_routed_2024", OF_2024, { url });
  else notes.find("off_2024", OF_2024);
}

function judge(visit: Visit, answer: Answer, url: string | undefined): undefined {
  const { notes, baseUrl } = visit;
  const details = { status: String(answer.status), errcode: errcodeOf(answer) };
  if (answer.status !== 201) return notes.find("create_failed_2024", OF_2024, details);
  if (url === undefined) return notes.find("create_invalid_2024", OF_2024, details);
  if (!visit.rendezvousOnly && visit.features.get(FLAG_2024) !== true) notes.find("flag_missing_2024", OF_2024);
  const shown = { url };
  const { protocol, hostname, pathname } = new URL(url);
  if (isLocal(hostname) && !isLocal(new URL(baseUrl).hostname)) notes.find("session_url_local", OF_2024, shown);
  else if (protocol === "http:" && baseUrl.startsWith("https:")) notes.find("session_url_http", OF_2024, shown);
  if (pathname.startsWith("//")) notes.find("session_url_slashes", OF_2024, shown);
  expiry(visit, answer);
  const etag = answer.headers.get("ETag");
  if (etag === null) notes.find("etag_missing", OF_2024, { what: "creating" });
  else if (!/^(W\/)?".*"$/.test(etag)) notes.find("etag_unquoted", OF_2024, { etag });
  visit.session2024 = { url, etag: etag ?? "", answer };
  notes.means(`The session is at ${url}, and that is what goes into the QR code.`);
}
