import { type Answer, errcodeOf, jsonOf } from "../answer.ts";
import { answered, commonTrouble, created, OF_2025, type Step, type Visit } from "../visit.ts";
import { FLAG_2025 } from "./versions.ts";

export const PATH_2025 = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

/** What discovery says of an extension to MSC4388 that this project's servers have. */
const LONG_POLL = "io.github.matrix-rendezvous.long_poll";

/** MSC4388 "Discovery". */
export const discovery2025: Step = {
  id: "discovery-2025",
  title: "2025 version: whether sessions can be created",
  async run(visit) {
    const { notes, accessToken } = visit;
    const open = await ask(visit, undefined);
    if (open === undefined || commonTrouble(notes, open, "discovery", OF_2025)) return;
    const { status } = open;
    if (status === 401 || status === 403) {
      notes.find("needs_token", ["2025-new"]);
      if (accessToken === undefined) return notes.find("token_not_given", ["2025-existing"]);
      return await withToken(visit, accessToken);
    }
    const available = status === 200 ? jsonOf(open)?.["create_available"] : undefined;
    if (available === true) {
      visit.longPollMs = longPollMsIn(open);
      visit.create2025 = "open";
      return notes.means(
        "Everybody can create sessions of the 2025 version: new devices can show a code, existing ones too.",
      );
    }
    if (available === false) return notes.find("create_unavailable", OF_2025);
    nameTheLack(visit, open);
  },
};

function discovered(answer: Answer): string {
  const available = jsonOf(answer)?.["create_available"];
  return typeof available === "boolean" ? `create_available: ${available}` : answer.text;
}

/** Zero where it is not offered. */
function longPollMsIn(answer: Answer): number {
  const { max_timeout_ms: ms } = Object(jsonOf(answer)?.[LONG_POLL]);
  return typeof ms === "number" ? ms : 0;
}

async function ask(visit: Visit, accessToken: string | undefined): Promise<Answer | undefined> {
  const { notes, wire, baseUrl } = visit;
  const url = baseUrl + PATH_2025;
  const outcome = await wire.ask("GET", url, { headers: authorization(accessToken) });
  const how = accessToken === undefined ? "" : " with the access token";
  notes.exchange(`GET ${url}${how}`, outcome, outcome.came ? discovered(outcome) : "");
  return answered(notes, outcome, "discovery", OF_2025) ? outcome : undefined;
}

export function authorization(accessToken: string | undefined): Record<string, string> {
  return accessToken === undefined ? {} : { Authorization: `Bearer ${accessToken}` };
}

async function withToken(visit: Visit, accessToken: string): Promise<void> {
  const { notes } = visit;
  const answer = await ask(visit, accessToken);
  if (answer === undefined || commonTrouble(notes, answer, "discovery", ["2025-existing"])) return;
  if (answer.status === 401 || answer.status === 403) {
    return notes.find("token_refused", ["2025-existing"], { status: String(answer.status) });
  }
  if (jsonOf(answer)?.["create_available"] !== true) return invalid(visit, answer);
  visit.create2025 = "with-token";
  visit.longPollMs = longPollMsIn(answer);
  notes.means("Who is signed in can create sessions of the 2025 version: existing devices can show a code.");
}

function nameTheLack(visit: Visit, answer: Answer): undefined {
  const { notes, features, software } = visit;
  const { status } = answer;
  if (status !== 404 && status !== 405) return invalid(visit, answer);
  if (features.get(FLAG_2025) === true) {
    const named = software === "" ? "" : ` (${software})`;
    return notes.find("old_synapse", OF_2025, { status: String(status), software: named });
  }
  // A homeserver that does not have it says so in JSON.
  if (errcodeOf(answer) === "") return notes.find("not_routed_2025", OF_2025, { path: PATH_2025 });
  notes.find("off_2025", OF_2025);
}

function invalid({ notes }: Visit, answer: Answer): undefined {
  notes.find("discovery_invalid", OF_2025, { status: String(answer.status), errcode: errcodeOf(answer) });
}

/** Matrix' grammar of opaque identifiers; a relative path would lead elsewhere. */
const OPAQUE_ID = /^(?!\.\.?$)[\w.~-]{1,255}$/;

/** A session of the 2025 version. */
export interface Session2025 {
  readonly url: string;
  readonly token: string;
  readonly expiresInMs: number;
}

/** Creates a session as a client does; notes why that fails. */
export async function create2025(visit: Visit, data: string, what: string): Promise<Session2025 | undefined> {
  const { notes, wire, baseUrl } = visit;
  const url = baseUrl + PATH_2025;
  const headers = { ...json, ...authorization(visit.create2025 === "with-token" ? visit.accessToken : undefined) };
  const body = JSON.stringify({ data });
  const outcome = await wire.ask("POST", url, { headers, body, creates: true });
  const { id, sequence_token: token, expires_in_ms: expiresInMs } = (outcome.came && jsonOf(outcome)) || {};
  const isId = typeof id === "string" && OPAQUE_ID.test(id);
  if (isId) created(visit, `${url}/${id}`, id);
  const isRight = isId && typeof token === "string" && typeof expiresInMs === "number";
  notes.exchange(`POST ${url} (${what})`, outcome, isRight ? `id ${id}, expires_in_ms ${expiresInMs}` : "");
  if (!answered(notes, outcome, "creating", OF_2025) || tooLarge(visit, outcome, body, "creating")) return undefined;
  if (commonTrouble(notes, outcome, "creating", OF_2025)) return undefined;
  const details = { what: "creating", status: String(outcome.status), errcode: errcodeOf(outcome) };
  if (outcome.status !== 200) notes.find("create_failed_2025", OF_2025, details);
  else if (!isRight)
    notes.find("answer_invalid_2025", OF_2025, { ...details, members: "id, sequence_token, expires_in_ms" });
  else return { url: `${url}/${id}`, token, expiresInMs };
  return undefined;
}

export const json = { "Content-Type": "application/json" } as const;

/** Longer than anything before it. */
const LARGE = 8_192;

export function tooLarge({ notes }: Visit, answer: Answer, body: string, what: string): boolean {
  const size = new TextEncoder().encode(body).length;
  const { status } = answer;
  // Short bodies have passed: Caddy, for one, answers 502 to one that is over its limit.
  const isForItsSize = status === 413 || (size > LARGE && [400, 403, 502].includes(status));
  if (!isForItsSize) return false;
  notes.find("body_limit", OF_2025, { what, size: String(size), status: String(status) });
  return true;
}
