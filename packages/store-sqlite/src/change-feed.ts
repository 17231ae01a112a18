import { setTimeout } from "node:timers/promises";
import { Watchers } from "@matrix-rendezvous/core";

/** How soon a change made by another process is noticed, in milliseconds; looking takes some microseconds. */
const POLL_MS = 20;

/** Wakes who waits for a session: for this process's changes by ID, and whenever another process changed anything. */
export class ChangeFeed {
  readonly #watchers = new Watchers();
  readonly #version: () => unknown;
  #polling = false;

  /** @param version something that differs once another process has committed; it is looked at while somebody waits */
  constructor(version: () => unknown) {
    this.#version = version;
  }

  wake(id: string): void {
    this.#watchers.wake(id);
  }

  wakeAll(): void {
    this.#watchers.wakeAll();
  }

  /** Resolves when the session may have changed, or the signal is aborted. */
  async wait(id: string, signal: AbortSignal): Promise<void> {
    const woken = this.#watchers.wait(id, signal);
    if (!this.#polling) void this.#poll();
    await woken;
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    // What was committed before the first look is not told apart from what came after, so that look wakes everybody.
    let seen: unknown = NOTHING_SEEN;
    while (await this.#somebodyWaits()) {
      const version = this.#look();
      if (version !== seen) this.wakeAll();
      seen = version;
    }
    this.#polling = false;
  }

  /** After a pause, in which whoever was woken for nothing can come back. */
  async #somebodyWaits(): Promise<boolean> {
    await setTimeout(POLL_MS);
    for (const _ of this.#watchers.ids) return true;
    return false;
  }

  #look(): unknown {
    try {
      return this.#version();
    } catch {
      // Who is woken asks the store, and learns what is wrong with it.
      return NOTHING_SEEN;
    }
  }
}

/** Differs from every version, itself included. */
const NOTHING_SEEN = Number.NaN;
