import type { DatabaseSync } from "node:sqlite";
import {
  type Admission,
  type CancelOutcome,
  type CreateOutcome,
  type Full,
  type NewSession,
  type ReadOutcome,
  type RendezvousStore,
  type StoreStats,
  transition,
  type Write,
  type WriteOutcome,
} from "@matrix-rendezvous/core";
import { ChangeFeed } from "./change-feed.ts";
import { asUnavailable, whenUnlocked } from "./failure.ts";
import { GroupCommit } from "./group-commit.ts";
import { openDatabase } from "./open.ts";
import { type Row, readRow, writeTransactions } from "./row.ts";
import { prepareStatements, type Statements } from "./statements.ts";

/** How many expired sessions one sweep removes at most: some milliseconds, for which everybody else waits. */
const SWEEP_BATCH = 250;

/** How the file is used. */
export interface SqliteStoreOptions {
  /**
   * How long an operation waits, in milliseconds, 0 or more, while other processes keep the file locked, before it
   * rejects with `StoreUnavailableError`. Too low fails operations while another process moves its log into the file,
   * too high lets requests pile up behind a process that hangs.
   * @default 5000
   */
  readonly busyTimeoutMs?: number | undefined;
}

/**
 * Opens sessions in an SQLite file. An acknowledged operation survives the death of every process that uses the file,
 * at any moment. Should the whole machine lose power, the last operations before may be undone, the file stays sound.
 *
 * @param path the database file, absolute or from the working folder. Where it or its folder is missing it is made, for
 *   its owner alone to read. Any number of processes of one machine can share it; over a network file system none can.
 * @throws RangeError where an option is out of its bounds
 * @throws Error that names the file and says in plain words why it cannot be used, and then left it as it was
 */
export async function openSqliteStore(path: string, options: SqliteStoreOptions = {}): Promise<RendezvousStore> {
  const { busyTimeoutMs = 5000 } = options;
  if (!(busyTimeoutMs >= 0)) throw new RangeError(`busyTimeoutMs must be 0 or more, not ${busyTimeoutMs}`);
  return new SqliteStore(await openDatabase(path, busyTimeoutMs), busyTimeoutMs);
}

class SqliteStore implements RendezvousStore {
  readonly #db: DatabaseSync;
  readonly #sql: Statements;
  readonly #commits: GroupCommit;
  /** Told within the transactions: no other code of this process runs, and no watch looks, until they are committed. */
  readonly #changes: ChangeFeed;
  readonly #busyTimeoutMs: number;

  constructor(db: DatabaseSync, busyTimeoutMs: number) {
    this.#db = db;
    this.#sql = prepareStatements(db);
    this.#commits = new GroupCommit(db, busyTimeoutMs);
    this.#changes = new ChangeFeed(() => this.#sql.dataVersion.get()?.["data_version"]);
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  create(id: string, session: NewSession, admission: Admission, now: number): Promise<CreateOutcome> {
    // The caller may reuse its array before the commit.
    const own = { ...session, payload: new Uint8Array(session.payload) };
    return this.#commits.run(() => this.#create(id, own, admission, now));
  }

  read(id: string, now: number): Promise<ReadOutcome> {
    return this.#ask(() => transition(this.#find(id)?.session, { type: "read" }, now).outcome);
  }

  write(id: string, write: Write, now: number): Promise<WriteOutcome> {
    const own = { ...write, payload: new Uint8Array(write.payload) };
    return this.#commits.run(() => this.#write(id, own, now));
  }

  cancel(id: string, now: number): Promise<CancelOutcome> {
    return this.#commits.run(() => this.#cancel(id, now));
  }

  async watch(id: string, knownToken: string, signal: AbortSignal): Promise<void> {
    const token = (): unknown => this.#sql.token.get(id)?.["sequenceToken"];
    while (!signal.aborted && this.#db.isOpen && (await this.#ask(token)) === knownToken) {
      await this.#changes.wait(id, signal);
    }
  }

  stats(): Promise<StoreStats> {
    return this.#ask(() => ({ sessions: this.#count("") }));
  }

  sweep(now: number): Promise<number> {
    return this.#commits.run(() => Number(this.#sql.removeFirst.run(now, SWEEP_BATCH).changes));
  }

  async close(): Promise<void> {
    await this.#commits.idle();
    this.#db.close();
  }

  /** What only reads needs no transaction of its own, and waits for nobody's. */
  async #ask<T>(question: () => T): Promise<T> {
    try {
      return await whenUnlocked(question, this.#busyTimeoutMs);
    } catch (error) {
      throw asUnavailable(error);
    }
  }

  #create(id: string, session: NewSession, admission: Admission, now: number): CreateOutcome {
    const before = this.#find(id);
    const { session: created, outcome } = transition(before?.session, { type: "create", session }, now);
    if (created === undefined || outcome.type === "exists") return outcome;
    if (before !== undefined) this.#sql.remove.run(before.key);
    const full = this.#makeRoom(admission, now);
    if (full !== undefined) return full;
    const { sequenceToken, modifiedAt, expiresAt, payload } = created;
    this.#sql.insert.run(id, admission.owner, sequenceToken, modifiedAt, expiresAt, payload);
    return outcome;
  }

  #write(id: string, write: Write, now: number): WriteOutcome {
    const before = this.#find(id);
    const { session: after, outcome } = transition(before?.session, { type: "write", write }, now);
    if (before !== undefined && after !== undefined && after !== before.session) {
      const { sequenceToken, modifiedAt, payload, transactions } = after;
      this.#sql.update.run(sequenceToken, modifiedAt, payload, writeTransactions(transactions), before.key);
      this.#changes.wake(id);
    }
    return outcome;
  }

  #cancel(id: string, now: number): CancelOutcome {
    const before = this.#find(id);
    const { outcome } = transition(before?.session, { type: "cancel" }, now);
    if (before !== undefined && outcome.type === "cancelled") {
      this.#sql.remove.run(before.key);
      this.#changes.wake(id);
    }
    return outcome;
  }

  /** Frees a place in both caps where that takes none from a live session, or where the admission says to evict. */
  #makeRoom({ owner, maxSessions, maxSessionsPerOwner, whenFull }: Admission, now: number): Full | undefined {
    const until = whenFull === "reject" ? now : Number.POSITIVE_INFINITY;
    const { removeFirst, removeFirstOwned, firstToExpire, firstOwnedToExpire } = this.#sql;
    // More than one has to go only after the caps were lowered.
    const owned = this.#count(owner) - maxSessionsPerOwner + 1;
    if (owned > 0 && removeFirstOwned.run(owner, until, owned).changes < owned) {
      return { type: "full", scope: "owner", retryAt: Number(firstOwnedToExpire.get(owner)?.["expiresAt"]) };
    }
    const all = this.#count("") - maxSessions + 1;
    if (all > 0 && removeFirst.run(until, all).changes < all) {
      return { type: "full", scope: "total", retryAt: Number(firstToExpire.get()?.["expiresAt"]) };
    }
    if (owned > 0 || all > 0) this.#changes.wakeAll();
    return undefined;
  }

  #find(id: string): Row | undefined {
    const columns = this.#sql.find.get(id);
    return columns && readRow(columns);
  }

  #count(owner: string): number {
    return Number(this.#sql.count.get(owner)?.["sessions"] ?? 0);
  }
}
