import type { RendezvousStore } from "@matrix-rendezvous/core";
import { type Answer, answerOf, textOf } from "./answer.ts";
import type { SessionOperation } from "./session-rules.ts";

/** What several callers did with the sessions of a store, in the order in which it began and ended. */
export class History {
  readonly #operations: { id: string | undefined; operation: SessionOperation }[] = [];
  readonly #clock: () => number;
  #ticks = 0;

  /**
   * Begins with nothing recorded.
   *
   * @param clock one for all processes whose histories are put together, such as `process.hrtime` of one machine
   */
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
