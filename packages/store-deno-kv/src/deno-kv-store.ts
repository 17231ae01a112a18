import {
  type Admission,
  type CancelOutcome,
  type CreateOutcome,
  type Full,
  type NewSession,
  type ReadOutcome,
  type RendezvousStore,
  type StoreStats,
  StoreUnavailableError,
  transition,
  type Write,
  type WriteOutcome,
} from "@matrix-rendezvous/core";
import { Changes } from "./changes.ts";
import type { Kv, KvEntry } from "./kv.ts";
import {
  COUNTER,
  COUNTERS,
  type Count,
  type Counter,
  EXPIRY,
  expiredUntil,
  forget,
  kept,
  OWNED,
  type Place,
  SESSION,
  type Stored,
  subjectOf,
} from "./layout.ts";
import { AGAIN, repeat } from "./repeat.ts";

/** How many sessions one sweep removes at most. */
const SWEEP_BATCH = 100;
/** How many checks one operation takes: 100 in a file, but no more than this on a KV Connect server. */
const MOST_CHECKS = 10;

export class DenoKvStore implements RendezvousStore {
  readonly #kv: Kv;
  readonly #timeoutMs: number;
  readonly #release: () => void;
  readonly #changes: Changes;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(kv: Kv, timeoutMs: number, pollMs: number, release: () => void) {
    this.#kv = kv;
    this.#timeoutMs = timeoutMs;
    this.#release = release;
    this.#changes = new Changes(kv, pollMs);
  }

  async create(id: string, session: NewSession, admission: Admission, now: number): Promise<CreateOutcome> {
    const copied = { ...session, payload: new Uint8Array(session.payload) };
    return await this.#answer(() => this.#create(id, copied, admission, now));
  }

  async read(id: string, now: number): Promise<ReadOutcome> {
    const { value } = await this.#answer(() => this.#kv.get<Stored>([...SESSION, id]));
    return transition(value?.session, { type: "read" }, now).outcome;
  }

  async write(id: string, write: Write, now: number): Promise<WriteOutcome> {
    const command = { type: "write", write: { ...write, payload: new Uint8Array(write.payload) } } as const;
    return await this.#answer(async () => {
      const slot = await this.#kv.get<Stored>([...SESSION, id]);
      const { session, outcome } = transition(slot.value?.session, command, now);
      if (slot.value === null || session === undefined || session === slot.value.session) return outcome;
      const stored: Stored = { ...slot.value, session };
      const { ok } = await this.#kv.atomic().check(slot).set(slot.key, stored, kept(session, now)).commit();
      return ok ? outcome : AGAIN;
    });
  }

  async cancel(id: string, now: number): Promise<CancelOutcome> {
    return await this.#answer(async () => {
      const slot = await this.#kv.get<Stored>([...SESSION, id]);
      const { outcome } = transition(slot.value?.session, { type: "cancel" }, now);
      if (slot.value === null || outcome.type === "absent") return outcome;
      const { session, place } = slot.value;
      const { ok } = await forget(this.#kv.atomic().check(slot), id, session.expiresAt, place).commit();
      return ok ? outcome : AGAIN;
    });
  }

  async watch(id: string, knownToken: string, signal: AbortSignal): Promise<void> {
    const isUnchanged = async (): Promise<boolean> => {
      const { value } = await this.#answer(() => this.#kv.get<Stored>([...SESSION, id]));
      return value?.session.sequenceToken === knownToken;
    };
    await this.#changes.wait(id, isUnchanged, signal);
  }

  async stats(): Promise<StoreStats> {
    const counts = await this.#answer(() => all(this.#kv.list<Count>({ prefix: COUNTER })));
    return { sessions: counts.reduce((sum, { value }) => sum + Number(value?.value ?? 0n), 0) };
  }

  async sweep(now: number): Promise<number> {
    let removed = 0;
    while (removed < SWEEP_BATCH) {
      const batch = await this.#answer(() => this.#removeExpired(now));
      removed += batch;
      if (batch < MOST_CHECKS) break;
    }
    return removed;
  }

  async close(): Promise<void> {
    this.#changes.close();
    await Promise.allSettled(this.#underWay);
    this.#release();
  }

  /** One attempt: nothing is written unless everything that decided it still holds. */
  async #create(id: string, born: NewSession, admission: Admission, now: number): Promise<CreateOutcome | undefined> {
    const { owner, maxSessions } = admission;
    const [slot, turn, counter] = await Promise.all([
      this.#kv.get<Stored>([...SESSION, id]),
      this.#kv.get([...OWNED, owner]),
      this.#freeCounter(maxSessions),
    ]);
    const { session, outcome } = transition(slot.value?.session, { type: "create", session: born }, now);
    if (session === undefined || outcome.type === "exists") return outcome;
    // Counted after the turn was read, so that whoever is let in meanwhile makes this attempt fail.
    const fullOwner = await this.#fullOwner(admission, now);
    if (fullOwner !== undefined) return await this.#full("owner", fullOwner, admission);
    if (counter === undefined) {
      const first = await this.#fullTotal(maxSessions, now);
      return first === AGAIN ? AGAIN : await this.#full("total", first, admission);
    }

    const place: Place = { owner, counter: counter.number };
    const { expiresAt } = session;
    const atomic = this.#kv.atomic().check(slot, turn, counter.entry);
    if (slot.value !== null) forget(atomic, id, slot.value.session.expiresAt, slot.value.place);
    atomic.set(slot.key, { session, place } satisfies Stored, kept(session, now)).set(turn.key, id, kept(session, now));
    atomic.set([...EXPIRY, expiresAt, id], place).set([...OWNED, owner, expiresAt, id], place);
    const { ok } = await atomic.sum(counter.entry.key, 1n).commit();
    return ok ? outcome : AGAIN;
  }

  /** A counter below its share of the cap: any of them, so that creations at the same time take different ones. */
  async #freeCounter(cap: number): Promise<Counter | undefined> {
    const known = await all(this.#kv.list<Count>({ prefix: COUNTER }));
    const first = Math.floor(Math.random() * COUNTERS);
    for (let turned = 0; turned < COUNTERS; turned += 1) {
      const number = (first + turned) % COUNTERS;
      const key = [...COUNTER, number];
      const entry = known.find((counter) => counter.key.at(-1) === number) ?? { key, value: null, versionstamp: null };
      if (Number(entry.value?.value ?? 0n) < Math.floor((cap + COUNTERS - 1 - number) / COUNTERS))
        return { number, entry };
    }
    return undefined;
  }

  /** Where the owner's share is full, the first of its sessions to expire. */
  async #fullOwner(admission: Admission, now: number): Promise<KvEntry<Place> | undefined> {
    const { owner, maxSessions, maxSessionsPerOwner: limit } = admission;
    // A cap above the total says nothing, and is not worth the listing.
    if (limit > maxSessions || limit === Number.POSITIVE_INFINITY) return undefined;
    const prefix = [...OWNED, owner];
    const live = await all(this.#kv.list<Place>({ prefix, start: expiredUntil(prefix, now) }, { limit }));
    return live.length < limit ? undefined : live[0];
  }

  /** Where every place is a live session's, the first of them to expire. */
  async #fullTotal(cap: number, now: number): Promise<KvEntry<Place> | typeof AGAIN> {
    if ((await this.#removeExpired(now)) !== 0) return AGAIN;
    // Looked at again now that nothing expired was left: what is taken still is a live session's.
    if ((await this.#freeCounter(cap)) !== undefined) return AGAIN;
    const live = this.#kv.list<Place>({ prefix: EXPIRY, start: expiredUntil(EXPIRY, now) }, { limit: 1 });
    return (await all(live))[0];
  }

  async #full(scope: Full["scope"], first: KvEntry<Place>, { whenFull }: Admission): Promise<Full | undefined> {
    if (whenFull === "reject") return { type: "full", scope, retryAt: subjectOf(first).expiresAt };
    await this.#remove([first]);
    return AGAIN;
  }

  async #removeExpired(now: number): Promise<number | undefined> {
    const expired = this.#kv.list<Place>({ prefix: EXPIRY, end: expiredUntil(EXPIRY, now) }, { limit: MOST_CHECKS });
    return await this.#remove(await all(expired));
  }

  async #remove(entries: readonly KvEntry<Place>[]): Promise<number | undefined> {
    if (entries.length === 0) return 0;
    const atomic = this.#kv.atomic().check(...entries);
    for (const entry of entries) {
      const { id, expiresAt } = subjectOf(entry);
      if (entry.value !== null) forget(atomic, id, expiresAt, entry.value);
    }
    return (await atomic.commit()).ok ? entries.length : AGAIN;
  }

  async #answer<T>(attempt: () => Promise<T | undefined>): Promise<T> {
    const answer = repeat(attempt, this.#timeoutMs);
    this.#underWay.add(answer);
    try {
      return await answer;
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StoreUnavailableError(`Deno KV is unavailable: ${reason}`, { cause: error });
    } finally {
      this.#underWay.delete(answer);
    }
  }
}

async function all<T>(entries: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const entry of entries) list.push(entry);
  return list;
}
