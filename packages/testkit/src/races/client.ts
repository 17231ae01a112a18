import type { RendezvousStore } from "@matrix-rendezvous/core";
import fc from "fast-check";
import { answerOf, bytesOf } from "../answer.ts";
import { LIFETIME_MS } from "../contract/scenario.ts";

/** The one session that is raced for, and the token that it starts with. */
export const ID = "id";
export const FIRST_TOKEN = "first";

/** What a client of a race does next. */
export type Action =
  /** `rewrite`: the client's last write again, as where its answer was lost. */
  | { readonly type: "read" | "rewrite" | "create" | "cancel" | "sweep" }
  | {
      readonly type: "write";
      /** The token that the client last saw, or the session's first. */
      readonly token: "seen" | "first";
      /** `common`: what other clients write or send too. */
      readonly payload: "own" | "common";
      readonly transaction: "none" | "own" | "common";
    };

const write = fc.record({
  type: fc.constant("write" as const),
  token: fc.constantFrom("seen" as const, "seen" as const, "first" as const),
  payload: fc.constantFrom("own" as const, "common" as const),
  transaction: fc.constantFrom("none" as const, "none" as const, "own" as const, "common" as const),
});
const simple = (...types: Exclude<Action["type"], "write">[]) => fc.constantFrom(...types).map((type) => ({ type }));

/** What one client does, one thing after the other. */
export const scripts: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    { arbitrary: write, weight: 5 },
    { arbitrary: simple("read", "rewrite"), weight: 4 },
    { arbitrary: simple("create", "cancel", "sweep"), weight: 1 },
  ),
  { minLength: 1, maxLength: 6 },
);

/** The time of a race. */
export interface Clock {
  now: number;
}

/** One of several clients that use the session at the same time. */
export class Client {
  readonly #name: string;
  readonly #store: RendezvousStore;
  readonly #clock: Clock;
  #made = 0;
  #seen: string = FIRST_TOKEN;
  #last = { expectedToken: FIRST_TOKEN, payload: "common", transactionId: undefined as string | undefined };

  constructor(name: string, store: RendezvousStore, clock: Clock) {
    this.#name = name;
    this.#store = store;
    this.#clock = clock;
  }

  async run(script: readonly Action[]): Promise<void> {
    for (const action of script) await this.#do(action);
  }

  async create(token: string): Promise<void> {
    const { now } = this.#clock;
    const session = { sequenceToken: token, payload: bytesOf(token), expiresAt: now + LIFETIME_MS };
    const admission = { owner: "alice", maxSessions: 10, maxSessionsPerOwner: 10, whenFull: "reject" } as const;
    await this.#store.create(ID, session, admission, now);
  }

  async #do(action: Action): Promise<unknown> {
    const { now } = this.#clock;
    switch (action.type) {
      case "read":
        return this.#see(answerOf(await this.#store.read(ID, now)).token);
      case "write":
        this.#last = {
          expectedToken: action.token === "seen" ? this.#seen : FIRST_TOKEN,
          payload: action.payload === "own" ? this.#unique() : "common",
          transactionId: { none: undefined, own: this.#unique(), common: "common" }[action.transaction],
        };
        return await this.#write();
      case "rewrite":
        return await this.#write();
      case "create":
        return await this.create(this.#unique());
      case "cancel":
        return await this.#store.cancel(ID, now);
      case "sweep":
        return await this.#store.sweep(now);
    }
  }

  async #write(): Promise<void> {
    const write = { ...this.#last, payload: bytesOf(this.#last.payload), nextToken: this.#unique() };
    this.#see(answerOf(await this.#store.write(ID, write, this.#clock.now)).token);
  }

  #see(token: string | undefined): void {
    this.#seen = token ?? this.#seen;
  }

  #unique(): string {
    this.#made += 1;
    return `${this.#name}${this.#made}`;
  }
}
