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

  /** Wakes all who wait for this session. */
  wake(id: string): void {
    for (const done of [...(this.#waiting.get(id) ?? [])]) done();
  }

  #remove(id: string, done: () => void): void {
    const waiting = this.#waiting.get(id);
    waiting?.delete(done);
    if (waiting?.size === 0) this.#waiting.delete(id);
  }
}
