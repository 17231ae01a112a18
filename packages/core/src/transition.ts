import { MAX_TRANSACTIONS, type Revision, type Session, type TransactionRecord } from "./session.ts";

/** The first state of a session. Times are Unix milliseconds. */
export interface NewSession {
  /** 0 to 4,096 bytes. */
  readonly payload: Uint8Array;
  /** The token of the first revision: opaque, 1 to 255 characters of `[0-9A-Za-z._~-]`. */
  readonly sequenceToken: string;
  /** When the session ends. No write moves it. */
  readonly expiresAt: number;
}

/** A compare-and-swap of the payload. */
export interface Write {
  /** The sequence token that the writer last saw. */
  readonly expectedToken: string;
  /** The sequence token of the new revision, should this write win. Fresh: never used in this session before. */
  readonly nextToken: string;
  /** What is stored if the write wins, 0 to 4,096 bytes. */
  readonly payload: Uint8Array;
  /** Names the request, so that sending it again gets the first answer again. Unique to one request of the session. */
  readonly transactionId?: string | undefined;
}

/** What can be asked of a session. */
export type Command =
  | { readonly type: "create"; readonly session: NewSession }
  | { readonly type: "read" }
  | { readonly type: "write"; readonly write: Write }
  | { readonly type: "cancel" };

/** No session with that ID: it never was, was cancelled, or has expired. */
export interface Absent {
  /** Tells it from the other outcomes. */
  readonly type: "absent";
}

/** `exists`: a live session has that ID already, and is left as it was. */
export type BirthOutcome = { readonly type: "created" } | { readonly type: "exists" };

/** What a read was answered. */
export type ReadOutcome = { readonly type: "found"; readonly session: Session } | Absent;

/**
 * - `written`: the token was current; the payload is stored under the new token, now `revision`.
 * - `unchanged`: the token was not current but the payload is what the slot holds, so this is the retry of a write whose
 *   answer was lost; `revision` is the current one and nothing changed.
 * - `replayed`: the transaction ID was answered before; `revision` has the token of that answer. Nothing was compared,
 *   nothing changed. (The repeat of a recorded conflict is a `conflict`.)
 * - `conflict`: somebody else wrote first; `revision` is the current one and nothing changed.
 */
export type WriteOutcome =
  | { readonly type: "written" | "unchanged" | "replayed" | "conflict"; readonly revision: Revision }
  | Absent;

/** What a cancellation was answered. There is nothing left afterwards, either way. */
export type CancelOutcome = { readonly type: "cancelled" } | Absent;

/** What can be answered to which command. */
export interface OutcomeOf {
  /** The session is there, or another one has its ID. */
  readonly create: BirthOutcome;
  /** The session, or none. */
  readonly read: ReadOutcome;
  /** What the slot holds, or that there is none. */
  readonly write: WriteOutcome;
  /** Whether there was anything to end. */
  readonly cancel: CancelOutcome;
}

/** The state after a command (`undefined`: there is no session) and the answer to it. */
export interface Transition<Outcome> {
  /** `undefined` where there is none (any more). */
  readonly session: Session | undefined;
  /** The answer. */
  readonly outcome: Outcome;
}

const ABSENT: Absent = { type: "absent" };
/** One for all: most sessions never see a transaction. */
const NO_TRANSACTIONS: readonly TransactionRecord[] = Object.freeze([]);

/**
 * The state machine of a rendezvous session: pure, and the one place that decides about compare-and-swap, retries,
 * transactions and expiry. A store either calls it or is held to it by the testkit's contract.
 *
 * @param session the state before, `undefined` where there is none
 * @param now the time of the command, in Unix milliseconds
 */
export function transition<C extends Command>(
  session: Session | undefined,
  command: C,
  now: number,
): Transition<OutcomeOf[C["type"]]>;
export function transition(
  session: Session | undefined,
  command: Command,
  now: number,
): Transition<OutcomeOf[Command["type"]]> {
  // MSC4388 "Expiry": past its end a session is gone for every command, whether or not anything swept it away.
  const live = session !== undefined && now < session.expiresAt ? session : undefined;
  if (command.type === "create") {
    if (live !== undefined) return { session: live, outcome: { type: "exists" } };
    const { payload, sequenceToken, expiresAt } = command.session;
    const created: Session = { payload, sequenceToken, modifiedAt: now, expiresAt, transactions: NO_TRANSACTIONS };
    return { session: created, outcome: { type: "created" } };
  }
  if (live === undefined) return { session: undefined, outcome: ABSENT };
  switch (command.type) {
    case "read":
      return { session: live, outcome: { type: "found", session: live } };
    case "write":
      return write(live, command.write, now);
    case "cancel":
      return { session: undefined, outcome: { type: "cancelled" } };
  }
}

function write(session: Session, request: Write, now: number): Transition<WriteOutcome> {
  const { transactionId } = request;
  if (transactionId === undefined) return compareAndSwap(session, request, now);
  const recorded = session.transactions.find((record) => record.transactionId === transactionId);
  if (recorded !== undefined) return { session, outcome: replay(session, recorded) };
  const { session: after, outcome } = compareAndSwap(session, request, now);
  const sequenceToken = outcome.type === "conflict" ? null : after.sequenceToken;
  const transactions = [...after.transactions, { transactionId, sequenceToken }].slice(-MAX_TRANSACTIONS);
  return { session: { ...after, transactions }, outcome };
}

function replay(session: Session, { sequenceToken }: TransactionRecord): WriteOutcome {
  if (sequenceToken === null) return { type: "conflict", revision: session };
  return { type: "replayed", revision: { ...session, sequenceToken } };
}

function compareAndSwap(session: Session, request: Write, now: number): Changed {
  if (request.expectedToken === session.sequenceToken) {
    const { expiresAt, transactions } = session;
    const { payload, nextToken: sequenceToken } = request;
    const after: Session = { payload, sequenceToken, modifiedAt: now, expiresAt, transactions };
    return { session: after, outcome: { type: "written", revision: after } };
  }
  // MSC4388 "The send mechanism": identical data is a retry, whichever stale token came with it.
  const type = sameBytes(request.payload, session.payload) ? "unchanged" : "conflict";
  return { session, outcome: { type, revision: session } };
}

interface Changed extends Transition<WriteOutcome> {
  readonly session: Session;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  // No call for each of up to 4,096 bytes: pollers retry with what the slot holds.
  for (let place = 0; place < left.length; place += 1) if (left[place] !== right[place]) return false;
  return true;
}
