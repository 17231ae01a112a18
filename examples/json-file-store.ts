// Sessions in one JSON file, for one process: a store that is short rather than fast.
import { readFile, rename, writeFile } from "node:fs/promises";
import {
  type Admission,
  type CancelOutcome,
  type CreateOutcome,
  type NewSession,
  type ReadOutcome,
  type RendezvousStore,
  type Session,
  type StoreStats,
  StoreUnavailableError,
  transition,
  type Write,
  type WriteOutcome,
} from "@matrix-rendezvous/core";

interface Entry {
  readonly owner: string;
  readonly session: Session;
}

/** How many expired sessions one call removes at most. */
const BATCH = 500;

type Entries = ReadonlyMap<string, Entry>;

export class JsonFileStore implements RendezvousStore {
  readonly #path: string;
  #entries: Entries;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(path: string, entries: Entries) {
    this.#path = path;
    this.#entries = entries;
  }

  static async open(path: string): Promise<JsonFileStore> {
    const text = await readFile(path, "utf8").catch((error) => {
      if (error.code === "ENOENT") return "[]";
      throw error;
    });
    return new JsonFileStore(path, new Map(JSON.parse(text, revive)));
  }

  create(id: string, session: NewSession, admission: Admission, now: number): Promise<CreateOutcome> {
    // The caller may use its array again; the session must not change with it.
    const own = { ...session, payload: new Uint8Array(session.payload) };
    return this.#change((entries) => {
      const { session: created, outcome } = transition(entries.get(id)?.session, { type: "create", session: own }, now);
      if (created === undefined || outcome.type === "exists") return outcome;
      removeExpired(entries, now);
      const full = makeRoom(entries, admission);
      if (full !== undefined) return full;
      entries.set(id, { owner: admission.owner, session: created });
      return outcome;
    });
  }

  async read(id: string, now: number): Promise<ReadOutcome> {
    return transition(this.#entries.get(id)?.session, { type: "read" }, now).outcome;
  }

  write(id: string, write: Write, now: number): Promise<WriteOutcome> {
    const own = { ...write, payload: new Uint8Array(write.payload) };
    return this.#change((entries) => {
      const entry = entries.get(id);
      const { session, outcome } = transition(entry?.session, { type: "write", write: own }, now);
      if (entry !== undefined && session !== undefined) entries.set(id, { ...entry, session });
      return outcome;
    });
  }

  cancel(id: string, now: number): Promise<CancelOutcome> {
    return this.#change((entries) => {
      const { outcome } = transition(entries.get(id)?.session, { type: "cancel" }, now);
      if (outcome.type === "cancelled") entries.delete(id);
      return outcome;
    });
  }

  async stats(): Promise<StoreStats> {
    return { sessions: this.#entries.size };
  }

  sweep(now: number): Promise<number> {
    return this.#change((entries) => removeExpired(entries, now));
  }

  async close(): Promise<void> {
    await this.#last;
  }

  /** One change after the other, each acknowledged once it is in the file; what could not be saved did not happen. */
  #change<T>(change: (entries: Map<string, Entry>) => T): Promise<T> {
    const changed = this.#last.then(async () => {
      const entries = new Map(this.#entries);
      const outcome = change(entries);
      await this.#save(entries);
      this.#entries = entries;
      return outcome;
    });
    this.#last = changed.catch(() => {});
    return changed;
  }

  async #save(entries: Entries): Promise<void> {
    const draft = `${this.#path}.new`;
    try {
      await writeFile(draft, JSON.stringify([...entries], replace), { flush: true, mode: 0o600 });
      await rename(draft, this.#path);
    } catch (error) {
      throw new StoreUnavailableError(`${this.#path} cannot be written`, { cause: error });
    }
  }
}

function removeExpired(entries: Map<string, Entry>, now: number): number {
  const expired = [...entries].filter(([, { session }]) => session.expiresAt <= now).slice(0, BATCH);
  for (const [id] of expired) entries.delete(id);
  return expired.length;
}

/** Makes room as far as `admission` lets it, or says that there is none. */
function makeRoom(entries: Map<string, Entry>, admission: Admission): CreateOutcome | undefined {
  for (;;) {
    const all = [...entries].sort(([, left], [, right]) => left.session.expiresAt - right.session.expiresAt);
    const own = all.filter(([, { owner }]) => owner === admission.owner);
    const scope = own.length >= admission.maxSessionsPerOwner ? "owner" : "total";
    const [first] = scope === "owner" ? own : all;
    if (first === undefined || (scope === "total" && all.length < admission.maxSessions)) return undefined;
    if (admission.whenFull === "reject") return { type: "full", scope, retryAt: first[1].session.expiresAt };
    entries.delete(first[0]);
  }
}

function replace(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? { bytes: [...value] } : value;
}

function revive(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("bytes" in value)) return value;
  return Uint8Array.from(value.bytes as number[]);
}
