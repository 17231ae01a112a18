import assert from "node:assert/strict";
import type { Admission, RendezvousStore, StoreStats } from "@matrix-rendezvous/core";
import { type Answer, answerOf, bytesOf } from "../answer.ts";
import { type Handles, type StoreUnderTest, withHandles } from "../store-under-test.ts";

/** When every test begins. Long past: to a store that reads a clock of its own, every session has expired. */
export const START = 1_700_000_000_000;
/** How long a session of the tests lives unless they say otherwise, in milliseconds. */
export const LIFETIME_MS = 300_000;
/** How many handles a shared store is tested through at once. */
const HANDLES = 4;

/** A creation; what is left out is fresh, or lets it in. */
export interface Creation extends Partial<Admission> {
  readonly id?: string;
  readonly token?: string;
  readonly payload?: string | Uint8Array;
  readonly lifetimeMs?: number;
  readonly through?: RendezvousStore | undefined;
}

/** A write; what is left out is fresh. */
export interface Writing {
  readonly expected: string;
  readonly next?: string;
  readonly payload?: string | Uint8Array;
  readonly transactionId?: string;
  readonly through?: RendezvousStore | undefined;
}

/** What one rule of the contract promises, as a test: it fails by throwing. */
export type Rule = (scenario: Scenario) => Promise<void>;

/** Rules by what they promise. */
export type Rules = Readonly<Record<string, Rule>>;

/** A store on fresh storage, a clock that only moves forward, and short ways to ask and answer. */
export class Scenario {
  /** What a shared store is reached through: as many handles on the same sessions. */
  readonly handles: Handles;
  #now: number = START;
  #made = 0;

  private constructor(handles: Handles) {
    this.handles = handles;
  }

  static async run(store: StoreUnderTest, rule: Rule): Promise<void> {
    await withHandles(store, HANDLES, (handles) => rule(new Scenario(handles)));
  }

  get now(): number {
    return this.#now;
  }

  /** Lets time pass until `now`, in Unix milliseconds. */
  passTo(now: number): void {
    assert.ok(now >= this.#now, "a rule of the contract must not turn back the clock");
    this.#now = now;
  }

  /** Text that was not used before in this scenario. */
  unique(what: string): string {
    this.#made += 1;
    return `${what}-${this.#made}`;
  }

  async create(creation: Creation = {}): Promise<Answer> {
    const { id = this.unique("id"), token = this.unique("token"), payload = "hello" } = creation;
    const { owner = "@alice:example.org", whenFull = "reject", through = this.handles[0] } = creation;
    const { maxSessions = Infinity, maxSessionsPerOwner = Infinity, lifetimeMs = LIFETIME_MS } = creation;
    const session = { payload: asBytes(payload), sequenceToken: token, expiresAt: this.#now + lifetimeMs };
    const admission = { owner, maxSessions, maxSessionsPerOwner, whenFull };
    return answerOf(await through.create(id, session, admission, this.#now));
  }

  /** Creates a session that must be let in, and gives its ID, token and end. */
  async start(creation: Creation = {}): Promise<{ id: string; token: string; expiresAt: number }> {
    const { id = this.unique("id"), token = this.unique("token"), lifetimeMs = LIFETIME_MS } = creation;
    assert.deepEqual(await this.create({ ...creation, id, token }), { type: "created" });
    return { id, token, expiresAt: this.#now + lifetimeMs };
  }

  async read(id: string, through: RendezvousStore = this.handles[0]): Promise<Answer> {
    return answerOf(await through.read(id, this.#now));
  }

  async write(id: string, writing: Writing): Promise<Answer> {
    const { expected, next = this.unique("token"), payload = this.unique("payload"), transactionId } = writing;
    const write = { expectedToken: expected, nextToken: next, payload: asBytes(payload), transactionId };
    return answerOf(await (writing.through ?? this.handles[0]).write(id, write, this.#now));
  }

  async cancel(id: string, through: RendezvousStore = this.handles[0]): Promise<Answer> {
    return answerOf(await through.cancel(id, this.#now));
  }

  /** Sweeps until nothing is left to sweep, and gives how many sessions each call removed. */
  async sweep(): Promise<number[]> {
    const removed: number[] = [];
    for (let count = await this.#sweepOnce(); count > 0; count = await this.#sweepOnce()) {
      removed.push(count);
      assert.ok(removed.length < 1000, "sweep must come to an end");
    }
    return removed;
  }

  async #sweepOnce(): Promise<number> {
    return await this.handles[0].sweep(this.#now);
  }

  async stats(): Promise<StoreStats> {
    return await this.handles[0].stats();
  }
}

function asBytes(payload: string | Uint8Array): Uint8Array {
  return typeof payload === "string" ? bytesOf(payload) : payload;
}
