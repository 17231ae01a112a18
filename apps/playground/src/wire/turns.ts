import type { Intent } from "@matrix-rendezvous/client";
import { type ReadonlySignal, signal } from "@preact/signals-core";

/**
 * Holds the devices' reads back until somebody lets them through, so that there is time to look at the slot, and to
 * tamper with it: what a slow network does, at will.
 */
export class Turns {
  readonly #held = signal(true);
  readonly #waiting = signal<readonly Intent[]>([]);
  readonly #release = new Map<Intent, () => void>();

  /** Whether reads are held back at all. */
  get held(): ReadonlySignal<boolean> {
    return this.#held;
  }

  /** The devices whose reads are being held back. */
  get waiting(): ReadonlySignal<readonly Intent[]> {
    return this.#waiting;
  }

  hold(held: boolean): void {
    this.#held.value = held;
    if (!held) for (const device of this.#release.keys()) this.pass(device);
  }

  /** Resolves once `device` may read; rejects with the signal's reason. */
  async wait(device: Intent, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (!this.#held.value) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = (): void => reject(signal?.reason);
    signal?.addEventListener("abort", abort, { once: true });
    this.#release.set(device, resolve);
    this.#waiting.value = [...this.#release.keys()];
    try {
      await promise;
    } finally {
      signal?.removeEventListener("abort", abort);
      if (this.#release.get(device) === resolve) this.#forget(device);
    }
  }

  /** Lets `device` read once. */
  pass(device: Intent): void {
    const release = this.#release.get(device);
    this.#forget(device);
    release?.();
  }

  #forget(device: Intent): void {
    this.#release.delete(device);
    this.#waiting.value = [...this.#release.keys()];
  }
}
