import type { NewSession, RendezvousStore } from "@matrix-rendezvous/core";
import type { Metrics } from "./metrics.ts";

/** How often it should be looked which sessions are about to end, in milliseconds. */
export const LOOK_INTERVAL_MS = 1_000;

/** How long before its end a session is looked at, in milliseconds: afterwards nobody can tell what it was. */
const LOOK_AHEAD_MS = 2_000;

type Read = "yes" | "no" | "unknown";
type Begun = Pick<NewSession, "sequenceToken" | "expiresAt">;

/**
 * Counts the sessions that this process has created and that nobody cancels, by whether the other device has read them.
 * That is told by whether anybody wrote after the creation, which takes the token that a read gives: a read alone proves
 * nothing, because whoever created a session reads it again and again while it waits. Each session is counted by the one
 * process that created it, and asked for in the store, so it does not matter which replica the devices wrote to.
 */
export class Endings {
  readonly #store: RendezvousStore;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  /** In the order of creation, which is the order in which they end: all live equally long. */
  readonly #begun = new Map<string, Begun>();
  #isLooking = false;

  /**
   * Begins to count, from the sessions that are created from now on.
   *
   * @param now the time in Unix milliseconds
   */
  constructor(store: RendezvousStore, metrics: Metrics, now: () => number) {
    this.#store = store;
    this.#metrics = metrics;
    this.#now = now;
  }

  /** A session has been created by this process. */
  created(id: string, { sequenceToken, expiresAt }: NewSession): void {
    this.#begun.set(id, { sequenceToken, expiresAt });
  }

  /** A session has been cancelled, whoever created it. */
  cancelled(id: string): void {
    this.#begun.delete(id);
  }

  /** Looks at the sessions that are about to end; never rejects. */
  async look(stop: AbortSignal): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    for (const [id, begun] of this.#begun) {
      if (stop.aborted || begun.expiresAt > this.#now() + LOOK_AHEAD_MS) break;
      const read = await this.#wasRead(id, begun).catch(() => "unknown" as const);
      // Cancelled here while it was looked at, it has ended in another way.
      if (this.#begun.delete(id) && read !== undefined) this.#metrics.expired.inc({ read });
    }
    this.#isLooking = false;
  }

  /** `undefined` where another replica has cancelled it, or it was evicted. */
  async #wasRead(id: string, { sequenceToken, expiresAt }: Begun): Promise<Read | undefined> {
    const found = await this.#store.read(id, this.#now());
    if (found.type === "found") return found.session.sequenceToken === sequenceToken ? "no" : "yes";
    return this.#now() < expiresAt ? undefined : "unknown";
  }
}
