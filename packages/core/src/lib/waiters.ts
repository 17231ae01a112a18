/** Two devices, each of which may have asked again before it was noticed that its connection is gone. */
const MAX_PER_SESSION = 4;

/** Counts who waits for a change, so that waiting cannot exhaust what it holds open. */
export class Waiters {
  readonly #max: number;
  readonly #perSession = new Map<string, number>();
  #total = 0;

  /** @param max how many may wait in all */
  constructor(max: number) {
    this.#max = max;
  }

  /** Runs `wait`, unless too many wait already. */
  async admit(id: string, wait: () => Promise<void>): Promise<void> {
    const waiting = this.#perSession.get(id) ?? 0;
    if (this.#total >= this.#max || waiting >= MAX_PER_SESSION) return;
    this.#count(id, 1);
    try {
      await wait();
    } finally {
      this.#count(id, -1);
    }
  }

  #count(id: string, change: 1 | -1): void {
    this.#total += change;
    const waiting = (this.#perSession.get(id) ?? 0) + change;
    if (waiting === 0) this.#perSession.delete(id);
    else this.#perSession.set(id, waiting);
  }
}
