import { type Expiring, ExpiryList } from "./lib/expiry-list.ts";
import { Watchers } from "./lib/watchers.ts";
import type { Session } from "./session.ts";
import type { Admission, CreateOutcome, RendezvousStore, StoreStats } from "./store.ts";
import {
  type CancelOutcome,
  type NewSession,
  type ReadOutcome,
  transition,
  type Write,
  type WriteOutcome,
} from "./transition.ts";

/** How many expired sessions one operation removes at most, so that none of them stalls the others. */
const SWEEP_BATCH = 1000;
/** As many as a creation removes: more than it adds, so that the store shrinks back without ever being swept. */
const SWEEP_PER_CREATE = 4;

/** One owner's sessions. */
class Share extends ExpiryList<Entry> {
  readonly owner: string;

  constructor(owner: string) {
    super("owned");
    this.owner = owner;
  }
}

class Entry implements Expiring {
  readonly id: string;
  readonly share: Share;
  session: Session;
  allPrevious: Expiring | undefined = undefined;
  allNext: Expiring | undefined = undefined;
  ownedPrevious: Expiring | undefined = undefined;
  ownedNext: Expiring | undefined = undefined;

  constructor(id: string, share: Share, session: Session) {
    this.id = id;
    this.share = share;
    this.session = session;
  }

  get expiresAt(): number {
    return this.session.expiresAt;
  }
}

/** Sessions in this process's memory: the fastest store, and the one that forgets everything when the process ends. */
export function memoryStore(): RendezvousStore {
  return new MemoryStore();
}

class MemoryStore implements RendezvousStore {
  readonly #entries = new Map<string, Entry>();
  readonly #all = new ExpiryList<Entry>("all");
  readonly #shares = new Map<string, Share>();
  readonly #watchers = new Watchers();

  async create(id: string, session: NewSession, admission: Admission, now: number): Promise<CreateOutcome> {
    const command = { type: "create", session: { ...session, payload: new Uint8Array(session.payload) } } as const;
    const before = this.#entries.get(id);
    const { session: created, outcome } = transition(before?.session, command, now);
    if (created === undefined || outcome.type === "exists") return outcome;
    if (before !== undefined) this.#remove(before);
    this.#removeExpired(now, SWEEP_PER_CREATE);
    const { owner } = admission;
    const share = this.#shares.get(owner) ?? new Share(owner);
    const full = () => crowded(this.#all, share, admission);
    for (let crowd = full(); crowd !== undefined; crowd = full()) {
      const retryAt = crowd.first.expiresAt;
      if (retryAt > now && admission.whenFull === "reject") return { type: "full", scope: crowd.scope, retryAt };
      this.#remove(crowd.first);
    }
    this.#add(new Entry(id, share, created));
    return outcome;
  }

  async read(id: string, now: number): Promise<ReadOutcome> {
    return transition(this.#entries.get(id)?.session, { type: "read" }, now).outcome;
  }

  async write(id: string, write: Write, now: number): Promise<WriteOutcome> {
    const entry = this.#entries.get(id);
    const command = { type: "write", write: { ...write, payload: new Uint8Array(write.payload) } } as const;
    const { session, outcome } = transition(entry?.session, command, now);
    if (entry !== undefined && session !== undefined) entry.session = session;
    if (outcome.type === "written") this.#watchers.wake(id);
    return outcome;
  }

  async cancel(id: string, now: number): Promise<CancelOutcome> {
    const entry = this.#entries.get(id);
    const { outcome } = transition(entry?.session, { type: "cancel" }, now);
    if (entry !== undefined && outcome.type === "cancelled") this.#remove(entry);
    return outcome;
  }

  async watch(id: string, knownToken: string, signal: AbortSignal): Promise<void> {
    if (this.#entries.get(id)?.session.sequenceToken === knownToken) await this.#watchers.wait(id, signal);
  }

  async stats(): Promise<StoreStats> {
    return { sessions: this.#entries.size };
  }

  async sweep(now: number): Promise<number> {
    return this.#removeExpired(now, SWEEP_BATCH);
  }

  async close(): Promise<void> {}

  #add(entry: Entry): void {
    this.#entries.set(entry.id, entry);
    // Where it is known already, finding its place again would cost as much as all else.
    if (entry.share.size === 0) this.#shares.set(entry.share.owner, entry.share);
    this.#all.add(entry);
    entry.share.add(entry);
  }

  #remove(entry: Entry): void {
    const { id, share } = entry;
    this.#all.remove(entry);
    share.remove(entry);
    if (share.size === 0) this.#shares.delete(share.owner);
    this.#entries.delete(id);
    this.#watchers.wake(id);
  }

  #removeExpired(now: number, limit: number): number {
    let removed = 0;
    for (let first = this.#all.first; first && first.expiresAt <= now && removed < limit; first = this.#all.first) {
      this.#remove(first);
      removed += 1;
    }
    return removed;
  }
}

/** The cap that is reached, the owner's before the total, and whose place would be free first. */
function crowded(
  all: ExpiryList<Entry>,
  owned: ExpiryList<Entry>,
  admission: Admission,
): { scope: "owner" | "total"; first: Entry } | undefined {
  if (owned.first && owned.size >= admission.maxSessionsPerOwner) return { scope: "owner", first: owned.first };
  if (all.first && all.size >= admission.maxSessions) return { scope: "total", first: all.first };
  return undefined;
}
