import assert from "node:assert/strict";
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
export async function recovery(ask: () => Promise<unknown>, patienceMs = 10_000): Promise<number> {
  const since = performance.now();
  for (;;) {
    try {
      await ask();
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

/** For stores that are to give up soon. */
export const TIMEOUT_MS = 1000;
/** What a busy machine may add. */
export const SLACK_MS = 1500;

/** Asks for everything there is, and expects each to be rejected in time. */
export async function assertUnavailable(store: RendezvousStore, limitMs = TIMEOUT_MS): Promise<void> {
  const since = performance.now();
  // Sends who waits to look for itself, or says what the others do.
  const watching = store.watch?.("id", "first", AbortSignal.timeout(60_000)).catch((reason) => {
    assert.ok(reason instanceof StoreUnavailableError, String(reason));
  });
  const asked = [
    store.read("id", NOW),
    store.write("id", writing("first", "refused"), NOW),
    start(store, "other"),
    store.cancel("other", NOW),
    store.stats(),
    store.sweep(NOW),
  ];
  for (const outcome of await Promise.allSettled(asked)) {
    assert.equal(outcome.status, "rejected");
    assert.ok(outcome.reason instanceof StoreUnavailableError, String(outcome.reason));
    assert.match(outcome.reason.message, /^Redis at 127\.0\.0\.1:\d+(,127\.0\.0\.1:\d+)* is unavailable: ./);
  }
  await watching;
  const passed = performance.now() - since;
  assert.ok(passed < limitMs + SLACK_MS, `it took ${passed} ms`);
}
