import type { DatabaseSync, StatementSync } from "node:sqlite";
import { setImmediate } from "node:timers/promises";
import { asUnavailable, isLocked, whenUnlocked } from "./failure.ts";

interface Job {
  /** Does it, and gives what to call once it is committed. */
  perform(): () => void;
  fail(error: unknown): void;
}

/**
 * Transactions shared by all operations that were asked for in the same turn of the event loop: committing costs more
 * than most operations do. Each operation is still one step to every other, and none is answered before the commit.
 */
export class GroupCommit {
  readonly #db: DatabaseSync;
  readonly #begin: StatementSync;
  readonly #commit: StatementSync;
  readonly #rollback: StatementSync;
  readonly #busyTimeoutMs: number;
  #waiting: Job[] = [];
  #running: Promise<void> | undefined;

  constructor(db: DatabaseSync, busyTimeoutMs: number) {
    this.#db = db;
    // IMMEDIATE takes the write lock before anything is read, so that what was decided upon still holds when written.
    this.#begin = db.prepare("BEGIN IMMEDIATE");
    this.#commit = db.prepare("COMMIT");
    this.#rollback = db.prepare("ROLLBACK");
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  /** Resolves with what `operation` returned once that is committed. It may be called again after it was undone. */
  run<T>(operation: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const perform = (): (() => void) => {
        const value = operation();
        return () => resolve(value);
      };
      this.#waiting.push({ perform, fail: reject });
      this.#running ??= this.#work();
    });
  }

  /** Resolves once everything that was asked for is done. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #work(): Promise<void> {
    while (this.#waiting.length > 0) {
      await setImmediate();
      await this.#settle(this.#waiting.splice(0));
    }
    this.#running = undefined;
  }

  async #settle(jobs: readonly Job[]): Promise<void> {
    try {
      const acknowledgements = await whenUnlocked(() => this.#transaction(jobs), this.#busyTimeoutMs);
      for (const acknowledge of acknowledgements) acknowledge();
    } catch (error) {
      // What one operation failed for (a damaged row, a full disk) need not concern the others: each gets its own turn.
      if (jobs.length > 1 && !isLocked(error)) for (const job of jobs) await this.#settle([job]);
      else for (const job of jobs) job.fail(asUnavailable(error));
    }
  }

  #transaction(jobs: readonly Job[]): (() => void)[] {
    this.#begin.run();
    try {
      const acknowledgements = jobs.map((job) => job.perform());
      this.#commit.run();
      return acknowledgements;
    } catch (error) {
      // After some errors, such as a full disk, SQLite has rolled back by itself.
      if (this.#db.isTransaction) this.#rollback.run();
      throw error;
    }
  }
}
