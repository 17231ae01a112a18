import { type Answer, errcodeOf, jsonOf } from "../answer.ts";
import { answered, commonTrouble, creating2025, OF_2025, type Step, type Visit } from "../visit.ts";
import { create2025, json, PATH_2025, type Session2025, tooLarge } from "./discovery-2025.ts";

/** How often a session is read right after it was created: one process of several must not be the only one to know it. */
const READS = 4;
const SHORTEST_MS = 120_000;

const SCANNED = "from the scanning device";

/** MSC4388 "The send mechanism", "The receive mechanism": all that two devices ask of the server. */
export const exchange2025: Step = creating2025({
  id: "exchange-2025",
  title: "2025 version: a whole exchange",
  async run(visit) {
    const { notes } = visit;
    const session = await create2025(visit, "", "empty");
    if (session === undefined) return;
    // A little time passes until the answer is here.
    const seconds = Math.round(session.expiresInMs / 1000);
    if (session.expiresInMs < SHORTEST_MS - 1000) notes.find("short_lived", OF_2025, { seconds: String(seconds) });
    for (let i = 0; i < READS; i++) if ((await read(visit, session, "")) === undefined) return;
    const written = await write(visit, session, session.token, SCANNED);
    if (written === undefined) return;
    await writeAgain(visit, session);
    const seen = await read(visit, session, SCANNED, "");
    if (seen === undefined) return;
    if (seen === session.token) return notes.find("sequence_token_same", OF_2025);
    if ((await write(visit, session, seen, "from the showing device")) === undefined) return;
    await writeStale(visit, session);
    await end(visit, session);
    notes.means("Two devices can pass messages to each other.");
  },
});

/** Gives the sequence token of the session, which is to hold `expected`, and `before` until then. */
export async function read(
  visit: Visit,
  { url }: Session2025,
  expected: string,
  before?: string,
): Promise<string | undefined> {
  const { notes, wire } = visit;
  const outcome = await wire.ask("GET", url);
  const { data, sequence_token: token } = (outcome.came && jsonOf(outcome)) || {};
  const remark = typeof data === "string" ? `${new TextEncoder().encode(data).length} bytes of data` : "";
  notes.exchange(`GET ${url}`, outcome, remark);
  if (!answered(notes, outcome, "reading", OF_2025) || commonTrouble(notes, outcome, "reading", OF_2025))
    return undefined;
  if (!isFound(visit, outcome)) return undefined;
  visit.sessionReads.push({ answer: outcome, affects: OF_2025 });
  if (typeof data !== "string" || typeof token !== "string")
    return lacking(visit, outcome, "reading", "data, sequence_token");
  if (data === expected) return token;
  if (Number(outcome.headers.get("Age") ?? 0) > 0)
    notes.find("cached_by_cdn", OF_2025, { what: "reading", headers: cacheOf(outcome) });
  else if (data === before) notes.find("old_payload", OF_2025);
  else notes.find("payload_changed_2025", OF_2025, { what: "reading" });
  return undefined;
}

/** What says that an answer came out of a cache. */
export function cacheOf({ headers }: Answer): string {
  const names = ["Age", "CF-Cache-Status", "X-Cache", "X-Cache-Status", "Cache-Status"];
  return names.flatMap((name) => (headers.has(name) ? [`${name}: ${headers.get(name)}`] : [])).join(", ");
}

function isFound(visit: Visit, answer: Answer): boolean {
  const { status } = answer;
  const { notes } = visit;
  const errcode = errcodeOf(answer);
  if (status === 200) return true;
  // The steps that follow would fail in the same way.
  visit.create2025 = "no";
  if (status === 404 && errcode === "M_NOT_FOUND") notes.find("session_lost_2025", OF_2025);
  else if (status === 404) notes.find("session_not_routed_2025", OF_2025, { path: PATH_2025 });
  else if (status === 401) notes.find("read_needs_token", OF_2025, { status: String(status) });
  else lacking(visit, answer, "reading", "data, sequence_token");
  return false;
}

function lacking({ notes }: Pick<Visit, "notes">, answer: Answer, what: string, members: string): undefined {
  notes.find("answer_invalid_2025", OF_2025, {
    what,
    status: String(answer.status),
    errcode: errcodeOf(answer),
    members,
  });
}

/** Gives the new sequence token. */
export async function write(
  visit: Visit,
  session: Session2025,
  token: string,
  data: string,
): Promise<string | undefined> {
  const { notes, wire } = visit;
  const body = JSON.stringify({ sequence_token: token, data });
  const outcome = await wire.ask("PUT", session.url, { headers: json, body });
  notes.exchange(`PUT ${session.url} (${body.length} bytes of JSON)`, outcome, outcome.came ? errcodeOf(outcome) : "");
  if (!answered(notes, outcome, "writing", OF_2025) || tooLarge(visit, outcome, body, "writing")) return undefined;
  const details = { what: "writing", method: "PUT", status: String(outcome.status), errcode: errcodeOf(outcome) };
  if (isMethodRefused(outcome)) notes.find("method_refused", OF_2025, details);
  else if (commonTrouble(notes, outcome, "writing", OF_2025)) return undefined;
  else if (outcome.status === 404) notes.find("session_lost_2025", OF_2025);
  else if (outcome.status !== 200) notes.find("write_refused_2025", OF_2025, details);
  else {
    const next = jsonOf(outcome)?.["sequence_token"];
    return typeof next === "string" ? next : lacking(visit, outcome, "writing", "sequence_token");
  }
  return undefined;
}

/** Refused by something that is not the homeserver, which has errcodes of its own. */
export function isMethodRefused(answer: Answer): boolean {
  return [403, 405, 501].includes(answer.status) && errcodeOf(answer) === "";
}

/** As a device does that did not get to see the answer to its write. */
async function writeAgain({ notes, wire }: Visit, { url, token }: Session2025): Promise<void> {
  const body = JSON.stringify({ sequence_token: token, data: SCANNED });
  const outcome = await wire.ask("PUT", url, { headers: json, body });
  const errcode = outcome.came ? errcodeOf(outcome) : "";
  notes.exchange(`PUT ${url}, the same once more`, outcome, errcode);
  if (!answered(notes, outcome, "writing", OF_2025) || outcome.status === 200) return;
  if (commonTrouble(notes, outcome, "writing", OF_2025)) return;
  notes.find("retry_refused", OF_2025, { status: String(outcome.status), errcode });
}

/** As a device does whose write is overtaken by the other's. */
async function writeStale({ notes, wire }: Visit, { url, token }: Session2025): Promise<void> {
  const body = JSON.stringify({ sequence_token: token, data: "from a device that was too slow" });
  const outcome = await wire.ask("PUT", url, { headers: json, body });
  notes.exchange(`PUT ${url} with the first sequence token`, outcome, outcome.came ? errcodeOf(outcome) : "");
  if (!answered(notes, outcome, "writing", OF_2025)) return;
  if (outcome.status !== 409) notes.find("stale_write_accepted", OF_2025, { status: String(outcome.status) });
}

async function end(visit: Visit, { url }: Session2025): Promise<void> {
  const { notes, wire } = visit;
  const deleted = await wire.ask("DELETE", url);
  notes.exchange(`DELETE ${url}`, deleted);
  if (!answered(notes, deleted, "deleting", OF_2025)) return;
  const gone = await wire.ask("GET", url);
  notes.exchange(`GET ${url}`, gone, gone.came ? errcodeOf(gone) : "");
  if (!answered(notes, gone, "reading", OF_2025)) return;
  if (gone.status === 200) return notes.find("not_deleted_2025", OF_2025, { status: "200" });
  visit.undeleted.delete(url);
  if (jsonOf(gone) === undefined) notes.find("gone_not_json", OF_2025, { status: String(gone.status) });
}
