import { type Answer, errcodeOf } from "../answer.ts";
import {
  answered,
  commonTrouble,
  OF_2024,
  type Session2024,
  type Step,
  type Visit,
  withSession2024,
} from "../visit.ts";
import { text } from "./create-2024.ts";
import { cacheOf, isMethodRefused } from "./exchange-2025.ts";

const READS = 4;

/** What is sent and received of a session of the 2024 version, at its URL. */
export const exchange2024: Step = withSession2024({
  id: "exchange-2024",
  title: "2024 version: a whole exchange",
  async run(visit, session) {
    const { notes } = visit;
    let first: Answer | undefined;
    for (let i = 0; i < READS; i++) {
      first = await read(visit, session, "", {});
      if (first === undefined) return;
    }
    const etag = first?.headers.get("ETag") ?? session.etag;
    const written = await write(visit, session, etag, "from the scanning device");
    if (written === undefined) return;
    const second = await read(visit, session, "from the scanning device", { "If-None-Match": etag }, "");
    if (second === undefined) return;
    const next = second.headers.get("ETag") ?? "";
    if (next !== "" && next === etag) return notes.find("etag_same", OF_2024);
    await readUnchanged(visit, session, next);
    await writeStale(visit, session, etag);
    if ((await write(visit, session, next, "from the showing device")) === undefined) return;
    if ((await read(visit, session, "from the showing device", {})) === undefined) return;
    notes.means("Two devices can pass messages to each other.");
  },
});

type Headers = Readonly<Record<string, string>>;

/** Reads the session, which is to hold `expected`, and held `before` until then. */
export async function read(
  visit: Visit,
  session: Session2024,
  expected: string,
  headers: Headers,
  before?: string,
): Promise<Answer | undefined> {
  const { notes, wire } = visit;
  const { url } = session;
  const outcome = await wire.ask("GET", url, { headers });
  notes.exchange(`GET ${url}${conditionOf(headers)}`, outcome, outcome.came ? seen(outcome) : "");
  if (!answered(notes, outcome, "reading", OF_2024)) return undefined;
  if (outcome.status === 404) return notFound(visit, session, outcome);
  if (commonTrouble(notes, outcome, "reading", OF_2024)) return undefined;
  visit.sessionReads.push({ answer: outcome, affects: OF_2024 });
  if (outcome.headers.get("ETag") === null) notes.find("etag_missing", OF_2024, { what: "reading" });
  const type = outcome.headers.get("Content-Type") ?? "";
  if (outcome.status === 200 && type !== "text/plain") notes.find("content_type", OF_2024, { value: type });
  if (outcome.status === 200 && outcome.text === expected) return outcome;
  const cache = cacheOf(outcome);
  if (cache !== "") notes.find("cached_by_cdn", OF_2024, { what: "reading", headers: cache });
  else if (outcome.text === before || outcome.status === 304) notes.find("old_payload", OF_2024);
  else notes.find("payload_changed_2024", OF_2024, { what: "reading" });
  return undefined;
}

function conditionOf(headers: Headers): string {
  return Object.entries(headers)
    .map(([name, value]) => `, ${name}: ${value}`)
    .join("");
}

function seen({ headers }: Answer): string {
  return `ETag ${headers.get("ETag") ?? "none"}, ${headers.get("Content-Type") ?? "no Content-Type"}`;
}

function notFound(visit: Visit, { url }: Session2024, answer: Answer): undefined {
  const { notes } = visit;
  // The steps that follow would fail in the same way.
  visit.session2024 = undefined;
  if (errcodeOf(answer) === "M_NOT_FOUND") notes.find("session_lost_2024", OF_2024);
  else notes.find("session_not_routed_2024", OF_2024, { url });
}

/** What compression makes of an ETag. */
const MANGLED = /^W\/|[-;](gzip|br|zstd|deflate)"?$/;

function mangling(etag: string): Readonly<Record<string, string>> {
  return { plain: etag.replace(/^W\//, "").replace(/[-;](gzip|br|zstd|deflate)/, ""), mangled: etag };
}

/** Gives the ETag, empty where it has none. */
export async function write(
  visit: Visit,
  session: Session2024,
  etag: string,
  payload: string,
): Promise<string | undefined> {
  const { notes, wire } = visit;
  const { url } = session;
  const outcome = await wire.ask("PUT", url, { headers: { ...text, "If-Match": etag }, body: payload });
  notes.exchange(`PUT ${url} (${payload.length} bytes), If-Match: ${etag}`, outcome, outcome.came ? seen(outcome) : "");
  if (!answered(notes, outcome, "writing", OF_2024)) return undefined;
  const { status } = outcome;
  const details = { what: "writing", method: "PUT", status: String(status), errcode: errcodeOf(outcome), etag };
  if (status === 202) {
    if (outcome.headers.get("ETag") === null) notes.find("etag_missing", OF_2024, { what: "writing" });
    return outcome.headers.get("ETag") ?? "";
  }
  if (isMethodRefused(outcome)) notes.find("method_refused", OF_2024, details);
  else if (status === 413) notes.find("body_limit", OF_2024, { ...details, size: String(payload.length) });
  // Short payloads are compressed as well by some: clients get no further than this.
  else if (status === 412 && MANGLED.test(etag)) notes.find("etag_mangled", OF_2024, mangling(etag));
  else if (status === 404) notFound(visit, session, outcome);
  else if (!commonTrouble(notes, outcome, "writing", OF_2024)) notes.find("write_refused_2024", OF_2024, details);
  return undefined;
}

/** As devices do once a second. */
async function readUnchanged({ notes, wire }: Visit, { url }: Session2024, etag: string): Promise<void> {
  const outcome = await wire.ask("GET", url, { headers: { "If-None-Match": etag } });
  notes.exchange(`GET ${url}, If-None-Match: ${etag}`, outcome, outcome.came ? seen(outcome) : "");
  if (!answered(notes, outcome, "reading", OF_2024)) return;
  const { status, headers } = outcome;
  if (status !== 304) notes.find("if_none_match_ignored", OF_2024, { status: String(status) });
  else if (headers.get("ETag") === null) notes.find("etag_missing", OF_2024, { what: "reading what has not changed" });
}

/** As a device does whose write is overtaken by the other's. */
async function writeStale({ notes, wire }: Visit, { url }: Session2024, etag: string): Promise<void> {
  const outcome = await wire.ask("PUT", url, { headers: { ...text, "If-Match": etag }, body: "too slow" });
  notes.exchange(`PUT ${url} with the first ETag`, outcome, outcome.came ? errcodeOf(outcome) : "");
  if (!answered(notes, outcome, "writing", OF_2024)) return;
  if (outcome.status !== 412) notes.find("if_match_ignored", OF_2024, { status: String(outcome.status) });
  else if (outcome.headers.get("ETag") === null)
    notes.find("etag_missing", OF_2024, { what: "a write that came too late" });
}
