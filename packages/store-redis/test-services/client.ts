import { setTimeout as pause } from "node:timers/promises";
import { type RendezvousStore, StoreUnavailableError, type Write } from "@matrix-rendezvous/core";

/** When the tests take place: no clock says this. */
export const NOW = 1_700_000_000_000;
export const LIFETIME_MS = 300_000;

/** Starts a session that must be let in, under the token `first`. */
export async function start(store: RendezvousStore, id: string, owner = "alice"): Promise<void> {
  const session = { payload: bytes("hello"), sequenceToken: "first", expiresAt: NOW + LIFETIME_MS };
  const admission = { owner, maxSessions: Infinity, maxSessionsPerOwner: Infinity, whenFull: "reject" } as const;
  const { type } = await store.create(id, session, admission, NOW);
  if (type !== "created") throw new Error(`${id} was to be created: ${type}`);
}

export function writing(expectedToken: string, nextToken: string, transactionId?: string): Write {
  return { expectedToken, nextToken, payload: bytes(`payload of ${nextToken}`), transactionId };
}

/** The token of a session, or that it is absent. */
export async function tokenOf(store: RendezvousStore, id: string, now: number = NOW): Promise<string> {
  const outcome = await store.read(id, now);
  return outcome.type === "found" ? outcome.session.sequenceToken : outcome.type;
}

/** Asks again while the store is unavailable, and gives how many milliseconds that lasted. */
export async function recovery(store: RendezvousStore, patienceMs = 10_000): Promise<number> {
  const since = performance.now();
  for (;;) {
    try {
      await store.stats();
      return performance.now() - since;
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || performance.now() - since > patienceMs) throw error;
      await pause(10);
    }
  }
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
