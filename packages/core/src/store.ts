import type { BirthOutcome, CancelOutcome, NewSession, ReadOutcome, Write, WriteOutcome } from "./transition.ts";

/** Who creates a session, and how many there may be. Checked and counted in one step with the creation itself. */
export interface Admission {
  /** Whose share the session counts against: a user or a client network. 1 to 512 characters, compared exactly. */
  readonly owner: string;
  /** Most live sessions in the store, 1 or more; `Infinity` for no cap. */
  readonly maxSessions: number;
  /** Most live sessions of one owner, 1 or more; `Infinity` for no cap. */
  readonly maxSessionsPerOwner: number;
  /**
   * - `reject`: the creation fails, and every live session stays.
   * - `evict-oldest`: the session that would expire first goes, of this owner where its own share is full. Whoever
   *   floods the server then ends other people's sign-ins.
   */
  readonly whenFull: "reject" | "evict-oldest";
}

/** No place was free, `scope` says in which of the two caps; one becomes free at `retryAt` (Unix milliseconds). */
export interface Full {
  /** Tells it from the other outcomes. */
  readonly type: "full";
  /** Whether the owner's share is used up, or the whole store. */
  readonly scope: "owner" | "total";
  /** When the first of the sessions that take the places ends, in Unix milliseconds. */
  readonly retryAt: number;
}

/** What a creation was answered. */
export type CreateOutcome = BirthOutcome | Full;

/** What a store holds at the moment. */
export interface StoreStats {
  /** Live sessions, and those that have expired but were not swept yet. */
  readonly sessions: number;
}

/**
 * Where sessions are kept. Every operation is atomic, from any number of processes that share the store, and is
 * acknowledged (its promise resolves) only once it is as durable as the store promises. `now` is the caller's time in
 * Unix milliseconds; a store reads no clock to decide what an operation answers.
 *
 * An operation that the engine did not answer in time, or could not be asked, rejects with
 * {@link StoreUnavailableError}; it may or may not have happened, and asking again is safe.
 *
 * `@matrix-rendezvous/testkit` has the tests that a store must pass.
 */
export interface RendezvousStore {
  /**
   * Starts a session, if `admission` lets it in. Expired sessions take no place, swept or not.
   *
   * @param id an ID that is not in use, 1 to 255 characters
   */
  create(id: string, session: NewSession, admission: Admission, now: number): Promise<CreateOutcome>;
  /** Gives the session, or says that there is none. */
  read(id: string, now: number): Promise<ReadOutcome>;
  /** Compares and swaps, as {@link transition} decides. */
  write(id: string, write: Write, now: number): Promise<WriteOutcome>;
  /** Ends a session at once, and frees its place. */
  cancel(id: string, now: number): Promise<CancelOutcome>;
  /**
   * Resolves once the session has, or may have, another sequence token than `knownToken`, or is gone; at once where that
   * is so already. It may resolve for nothing, but must not miss a change, whichever process makes it. Expiry need not
   * wake it. A store that cannot tell of changes leaves this out.
   *
   * @param signal resolves it (and rejects nothing) when aborted; what was set up for it must then be gone
   */
  watch?(id: string, knownToken: string, signal: AbortSignal): Promise<void>;
  /** How much it holds. */
  stats(): Promise<StoreStats>;
  /**
   * Frees what expired sessions occupy, in a bounded batch. Nothing depends on it but memory and disk.
   *
   * @returns how many sessions were removed; `0` once there is nothing left to remove
   */
  sweep(now: number): Promise<number>;
  /** Waits for what is under way and releases everything. No operation may follow. */
  close(): Promise<void>;
}

/** The store's engine could not be asked or did not answer in time. The caller may ask again. */
export class StoreUnavailableError extends Error {
  /** Stable. */
  readonly code = "store_unavailable";
  /** For telling it from other errors where `instanceof` cannot. */
  override readonly name = "StoreUnavailableError";
}
