/**
 * Who waits for which session, within one process. A store's `watch` waits here; what learns of a change wakes it.
 */
export class Watchers {
  readonly #waiting = new Map<string, Set<() => void>>();

  /** The sessions that somebody waits for. */
  get ids(): Iterable<string> {
    return this.#waiting.keys();
  }

  /** Resolves when `wake` is called for this session, or `signal` is aborted. */
  wait(id: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener("abort", done);
        this.#remove(id, done);
        resolve();
      };
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting.add(done));
      signal.addEventListener("abort", done);
      if (signal.aborted) done();
    });
  }

  /**
   * As `wait`, where there is something to wait for. Whatever wakes after the call ends it; what came before is for
   * `isUnchanged` to find out, which is asked once the wait has begun.
   *
   * @returns `false` where it says that the session has changed, `true` when woken or aborted; rejects as it does
   */
  async waitWhile(id: string, isUnchanged: () => Promise<boolean>, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted) return true;
    const enough = new AbortController();
    const end = (): void => enough.abort();
    signal.addEventListener("abort", end);
    const woken = this.wait(id, enough.signal);
    try {
      const unchanged = await Promise.race([isUnchanged(), woken]);
      if (unchanged === true) await woken;
      return unchanged !== false;
    } finally {
      signal.removeEventListener("abort", end);
      end();
    }
  }

  /** Wakes all who wait for this session. */
  wake(id: string): void {
    for (const done of [...(this.#waiting.get(id) ?? [])]) done();
  }

  /** Wakes all who wait for anything. */
  wakeAll(): void {
    for (const id of [...this.#waiting.keys()]) this.wake(id);
  }

  #remove(id: string, done: () => void): void {
    const waiting = this.#waiting.get(id);
    waiting?.delete(done);
    if (waiting?.size === 0) this.#waiting.delete(id);
  }
}
