import type { RendezvousStore } from "@matrix-rendezvous/core";

/** Frees all that expired sessions occupy, batch by batch; `now` in Unix milliseconds. */
export async function sweep(store: RendezvousStore, now: () => number): Promise<void> {
  while ((await store.sweep(now())) > 0);
}
