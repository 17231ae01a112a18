import type { RendezvousStore } from "@matrix-rendezvous/core";
import { type Answer, answerOf, textOf } from "./answer.ts";
import { linearize, type Sequential, type Timed } from "./linearizability.ts";
import { ask, type ModelSession, type SessionRequest } from "./model/session.ts";

/**
 * What is known of an answer. A field that is left out may have been anything; `type` may name several, as where HTTP
 * answers a write, a retry and a repeated transaction alike.
 */
export interface Observed extends Omit<Answer, "type"> {
  readonly type: Answer["type"] | readonly Answer["type"][];
}

/** An operation on one session, or a sweep, as a process recorded it. Nothing but JSON. */
export interface SessionOperation extends Timed {
  readonly request: SessionRequest | { readonly type: "sweep" };
  /** The time that the store was told, in Unix milliseconds. */
  readonly now: number;
  /** Given where `returnedAt` is. */
  readonly answer?: Observed | undefined;
}

/** @throws Error that shows the history where no order of its operations explains every answer */
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

interface SessionState {
  readonly session: ModelSession | undefined;
  /** Whether some operation was told a time at which the session has ended. */
  readonly overdue: boolean;
}

/** One session: a compare-and-swap register with retries, transactions, cancellation and expiry. */
export const sessionRules: Sequential<SessionState, SessionOperation> = {
  initial: { session: undefined, overdue: false },

  next(before, { request, now, answer }) {
    if (request.type === "sweep") return [afterTime(before, now)];
    // Clocks of processes differ a little: to one that is behind, a session may have ended early, by another's sweep.
    const met = before.overdue ? [before, { ...before, session: undefined }] : [before];
    const explained = met.flatMap((state) => {
      const asked = ask(state.session, request, now);
      if (answer !== undefined && !agrees(answer, asked.answer)) return [];
      if (asked.answer.type === "absent") return [afterTime(state, now)];
      return [{ session: asked.session, overdue: asked.answer.type !== "created" && state.overdue }];
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
    return Array.isArray(value) ? value.includes(expected) : value === undefined || value === expected;
  });
}

/** What several callers did with the sessions of a store, in the order in which it began and ended. */
export class History {
  readonly #operations: { id: string | undefined; operation: SessionOperation }[] = [];
  readonly #clock: () => number;
  #ticks = 0;

  /** @param clock one for all processes whose histories are put together, such as `process.hrtime` of one machine */
  constructor(clock?: () => number) {
    this.#clock = clock ?? (() => ++this.#ticks);
  }

  /** What was recorded of one ID, and of sweeps. */
  of(id: string): SessionOperation[] {
    return this.#operations.flatMap((entry) => (entry.id === undefined || entry.id === id ? [entry.operation] : []));
  }

  /** The store, recorded. An operation that rejects is one whose answer nobody knows. */
  record(store: RendezvousStore): RendezvousStore {
    return {
      create: (id, session, admission, now) => {
        const { sequenceToken: token, expiresAt } = session;
        const request = { type: "create", token, payload: textOf(session.payload), expiresAt } as const;
        return this.#add(id, request, now, () => store.create(id, session, admission, now), answerOf);
      },
      read: (id, now) => this.#add(id, { type: "read" }, now, () => store.read(id, now), answerOf),
      write: (id, write, now) => {
        const { expectedToken: expected, nextToken: next, payload, transactionId } = write;
        const request = { type: "write", expected, next, payload: textOf(payload), transactionId } as const;
        return this.#add(id, request, now, () => store.write(id, write, now), answerOf);
      },
      cancel: (id, now) => this.#add(id, { type: "cancel" }, now, () => store.cancel(id, now), answerOf),
      sweep: (now) =>
        this.#add(
          undefined,
          { type: "sweep" },
          now,
          () => store.sweep(now),
          () => undefined,
        ),
      stats: () => store.stats(),
      close: () => store.close(),
    };
  }

  async #add<Outcome>(
    id: string | undefined,
    request: SessionOperation["request"],
    now: number,
    call: () => Promise<Outcome>,
    answerOf: (outcome: Outcome) => Answer | undefined,
  ): Promise<Outcome> {
    const entry = { id, operation: { calledAt: this.#clock(), request, now } as SessionOperation };
    this.#operations.push(entry);
    const outcome = await call();
    entry.operation = { ...entry.operation, returnedAt: this.#clock(), answer: answerOf(outcome) };
    return outcome;
  }
}
