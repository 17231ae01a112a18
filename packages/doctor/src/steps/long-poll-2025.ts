import { setTimeout as pause } from "node:timers/promises";
import { type Answer, jsonOf } from "../answer.ts";
import { answered, OF_2025, type Step, type Visit } from "../visit.ts";
import { create2025, type Session2025 } from "./discovery-2025.ts";
import { write } from "./exchange-2025.ts";

/** So that the read is there before the write, in milliseconds; of a short wait a quarter. */
const HEAD_START_MS = 300;
/** The session itself and its answer take a little. */
const TOLERANCE_MS = 150;

/** Where the server offers to hold reads: whether they are held, and let go at once when a message comes. */
export const longPoll2025: Step = {
  id: "long-poll-2025",
  title: "2025 version: reads that wait for the next message",
  async run(visit) {
    const { notes, wire } = visit;
    if (visit.create2025 === "no") return notes.leaveOut("No session can be created.");
    const holdMs = Math.min(visit.longPollMs, wire.limits.holdMs);
    if (holdMs === 0) return notes.leaveOut("The server does not offer that. Clients ask once a second.");
    const session = await create2025(visit, "", "empty");
    if (session === undefined) return;
    if (!(await isHeld(visit, session, holdMs))) return;
    await isLetGo(visit, session, holdMs);
  },
};

/** While nothing changes. */
async function isHeld(visit: Visit, session: Session2025, holdMs: number): Promise<boolean> {
  const { notes } = visit;
  const held = await hold(visit, session, holdMs);
  if (held === undefined) return false;
  const ms = Math.round(held.tookMs);
  const details = { ms: String(ms), status: String(held.answer.status) };
  if (held.answer.status !== 200) notes.find("wait_cut", OF_2025, details);
  else if (ms < holdMs - TOLERANCE_MS) notes.find("wait_refused", OF_2025, details);
  else return true;
  return false;
}

/** While the other device writes. */
async function isLetGo(visit: Visit, session: Session2025, holdMs: number): Promise<void> {
  const { notes } = visit;
  const headStartMs = Math.min(HEAD_START_MS, holdMs / 4);
  const holding = hold(visit, session, holdMs);
  await pause(headStartMs);
  const token = await write(visit, session, session.token, "from the scanning device");
  const written = performance.now();
  const held = await holding;
  if (token === undefined || held === undefined) return;
  const lateMs = Math.max(0, held.ended - written);
  const isNew = jsonOf(held.answer)?.["sequence_token"] === token;
  if (isNew && lateMs < (holdMs - headStartMs) / 2) {
    return notes.means("A device that waits has the next message at once.");
  }
  notes.find("wait_held", OF_2025, { ms: String(Math.round(lateMs)) });
}

interface Held {
  readonly answer: Answer;
  readonly tookMs: number;
  /** By `performance.now()`. */
  readonly ended: number;
}

async function hold({ notes, wire }: Visit, { url, token }: Session2025, holdMs: number): Promise<Held | undefined> {
  const begun = performance.now();
  const outcome = await wire.ask("GET", `${url}?since=${token}&timeout=${holdMs}`, { waits: true });
  const ended = performance.now();
  const tookMs = ended - begun;
  notes.exchange(`GET ${url}, for up to ${holdMs} ms`, outcome, `after ${Math.round(tookMs)} ms`);
  if (!outcome.came && (outcome.failure === "connection_lost" || outcome.failure === "timeout")) {
    const details = { ms: String(Math.round(tookMs)), status: outcome.failure.replace("_", " ") };
    return notes.find("wait_cut", OF_2025, details);
  }
  return answered(notes, outcome, "a read that waits", OF_2025) ? { answer: outcome, tookMs, ended } : undefined;
}
