import type { RendezvousStore } from "@matrix-rendezvous/core";
import fc from "fast-check";
import { answerOf, bytesOf } from "../answer.ts";
import { LIFETIME_MS, START } from "../contract/scenario.ts";

/** The one session that is raced for. */
export const ID = "id";
/** The token that the session starts with. */
export const FIRST_TOKEN = "first";

/** What a client of a race may do. `old` is the session's first token, `agreed` a transaction ID that all clients use. */
export const ACTIONS = [
  "read",
  "write",
  "write old",
  "rewrite",
  "transaction",
  "agreed",
  "create",
  "cancel",
  "sweep",
] as const;
export type Action = (typeof ACTIONS)[number];

export const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.oneof(
    {
      arbitrary: fc.constantFrom<Action>("read", "write", "write", "write old", "rewrite", "transaction", "agreed"),
      weight: 6,
    },
    { arbitrary: fc.constantFrom<Action>("create", "cancel", "sweep"), weight: 1 },
  ),
  { minLength: 1, maxLength: 5 },
);

/** The time of a race; it moves when a client says so. */
export interface Clock {
  now: number;
}

/** One of several clients that use the session at the same time, each doing one thing after the other. */
export class Client {
  readonly #name: string;
  readonly #store: RendezvousStore;
  readonly #clock: Clock;
  #made = 0;
  #token: string = FIRST_TOKEN;
  #last = { expected: FIRST_TOKEN, payload: "", transactionId: undefined as string | undefined };

  constructor(name: string, store: RendezvousStore, clock: Clock) {
    this.#name = name;
    this.#store = store;
    this.#clock = clock;
  }

  async do(action: Action): Promise<void> {
    const { now } = this.#clock;
    const payload = this.#unique();
    switch (action) {
      case "read":
        this.#token = answerOf(await this.#store.read(ID, now)).token ?? this.#token;
        return;
      case "write":
        return await this.#write({ expected: this.#token, payload, transactionId: undefined });
      case "write old":
        return await this.#write({ expected: FIRST_TOKEN, payload: "the same for all", transactionId: undefined });
      case "rewrite":
        return await this.#write(this.#last);
      case "transaction":
        return await this.#write({ expected: this.#token, payload, transactionId: payload });
      case "agreed":
        return await this.#write({ expected: this.#token, payload, transactionId: "agreed" });
      case "create":
        return await this.create(payload);
      case "cancel":
        await this.#store.cancel(ID, now);
        return;
      case "sweep":
        await this.#store.sweep(now);
        return;
    }
  }

  async create(token: string): Promise<void> {
    const { now } = this.#clock;
    const session = { sequenceToken: token, payload: bytesOf(token), expiresAt: now + LIFETIME_MS };
    const admission = { owner: "alice", maxSessions: 10, maxSessionsPerOwner: 10, whenFull: "reject" } as const;
    await this.#store.create(ID, session, admission, now);
  }

  async #write(request: { expected: string; payload: string; transactionId: string | undefined }): Promise<void> {
    this.#last = request;
    const { expected: expectedToken, transactionId } = request;
    const write = { expectedToken, nextToken: this.#unique(), payload: bytesOf(request.payload), transactionId };
    this.#token = answerOf(await this.#store.write(ID, write, this.#clock.now)).token ?? this.#token;
  }

  #unique(): string {
    this.#made += 1;
    return `${this.#name}${this.#made}`;
  }
}

/** The moments that a race's clock may be moved to. */
export const MOMENTS: readonly number[] = [-1, 0, 1].map((offset) => START + LIFETIME_MS + offset);
