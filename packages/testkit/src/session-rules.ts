import type { Answer } from "./answer.ts";
import { linearize, type Sequential, type Timed } from "./linearizability.ts";
import { ask, type ModelSession, type SessionRequest } from "./model/session.ts";

/**
 * What is known of an answer. A field that is left out may have been anything; `type` may name several, as where HTTP
 * answers a write, a retry and a repeated transaction alike.
 */
export interface Observed extends Omit<Answer, "type"> {
  /** What the answer may have been. */
  readonly type: Answer["type"] | readonly Answer["type"][];
}

/** An operation on one session, or a sweep, as a process recorded it. Nothing but JSON. */
export interface SessionOperation extends Timed {
  /** A write has no `next` where the token was to be told in the answer, and no answer came. */
  readonly request:
    | Exclude<SessionRequest, { type: "write" }>
    | (Omit<Extract<SessionRequest, { type: "write" }>, "next"> & { readonly next?: string | undefined })
    | { readonly type: "sweep" };
  /** The time that the store was told, in Unix milliseconds. */
  readonly now: number;
  /** Given where `returnedAt` is. */
  readonly answer?: Observed | undefined;
}

/**
 * Checks that operations on one session could have happened one after the other.
 *
 * @throws Error that shows the history where no order of its operations explains every answer
 */
export function assertLinearizable(history: readonly SessionOperation[]): void {
  const verdict = linearize(sessionRules, history);
  if (verdict.linearizable) return;
  const given = verdict.exhausted ? "not linearizable" : "not found to be linearizable before the search was given up";
  throw new Error(
    `${given}: after ${verdict.order.length} operations${lines(verdict.order.slice(-20))}
none of these can come next${lines(verdict.stuck)}`,
  );
}

function lines(operations: readonly SessionOperation[]): string {
  return operations.map((operation) => `\n  ${JSON.stringify(operation)}`).join("");
}

/** What a token begins with that nobody was told. No real one does. */
const UNTOLD = "?";

/** What is known of the session between two operations. */
export interface SessionState {
  /** `undefined` where there is none. */
  readonly session: ModelSession | undefined;
  /** Whether some operation was told a time at which the session has ended. */
  readonly overdue: boolean;
}

/** One session: a compare-and-swap register with retries, transactions, cancellation and expiry. */
export const sessionRules: Sequential<SessionState, SessionOperation> = {
  initial: { session: undefined, overdue: false },

  next(before, { request, now, answer, calledAt }) {
    if (request.type === "sweep") return [afterTime(before, now)];
    const told = request.type === "write" ? { ...request, next: request.next ?? `${UNTOLD}${calledAt}` } : request;
    // Clocks of processes differ a little: to one that is behind, a session may have ended early, by another's sweep.
    const met = before.overdue ? [before, { ...before, session: undefined }] : [before];
    const explained = met.flatMap((state) => {
      const asked = ask(state.session, told, now);
      if (answer !== undefined && !agrees(answer, asked.answer)) return [];
      if (asked.answer.type === "absent") return [afterTime(state, now)];
      const session = asked.session && renamed(asked.session, asked.answer.token, answer?.token);
      return [{ session, overdue: asked.answer.type !== "created" && state.overdue }];
    });
    // Whether the store is full depends on other sessions.
    const full = request.type === "create" && (answer === undefined || answer.type === "full");
    return full ? [...explained, before] : explained;
  },

  key: (state) => JSON.stringify(state),
};

function afterTime({ session, overdue }: SessionState, now: number): SessionState {
  return { session, overdue: session !== undefined && (overdue || session.expiresAt <= now) };
}

function agrees(observed: Observed, answer: Answer): boolean {
  return Object.entries(observed).every(([field, value]) => {
    const expected = answer[field as keyof Answer];
    if (field === "token" && answer.token?.startsWith(UNTOLD)) return true;
    return Array.isArray(value) ? value.includes(expected) : value === undefined || value === expected;
  });
}

/** The session, once the first answer told a token that nobody had been told. */
function renamed(session: ModelSession, untold: string | undefined, told: string | undefined): ModelSession {
  if (!untold?.startsWith(UNTOLD) || told === undefined) return session;
  const name = (token: string): string => (token === untold ? told : token);
  const transactions = session.transactions.map(({ id, token }) => ({ id, token: name(token) }));
  return { ...session, token: name(session.token), transactions };
}
