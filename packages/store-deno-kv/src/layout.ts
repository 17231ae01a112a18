/** How sessions lie in Deno KV. */
import type { Session } from "@matrix-rendezvous/core";
import type { KvAtomic, KvEntry, KvKey } from "./kv.ts";

/** A session by its ID: a {@link Stored}. */
export const SESSION: KvKey = ["matrix_rendezvous", "session"];
/** Sessions by when they expire, over all and by owner: a {@link Place}, there exactly as long as it is counted. */
export const EXPIRY: KvKey = ["matrix_rendezvous", "expiry"];
/** Above an owner's sessions, at the owner itself, is what changes with each creation: of two at once, one starts again. */
export const OWNED: KvKey = ["matrix_rendezvous", "owned"];
/** The total, in parts: no part exceeds its share of the cap, so their sum never exceeds the cap. */
export const COUNTER: KvKey = ["matrix_rendezvous", "counter"];

/** How many parts the total has, so that creations of several processes seldom meet. */
export const COUNTERS = 16;

/**
 * How much longer than a session Deno KV may keep it, in milliseconds: it goes by a clock of its own, which must not end
 * a session before the caller's does.
 */
const KEPT_LONGER_MS = 3_600_000;
/** Sums wrap at 64 bits. */
const MINUS_ONE = 2n ** 64n - 1n;

/** Where a session is counted. */
export interface Place {
  readonly owner: string;
  readonly counter: number;
}

export interface Stored {
  readonly session: Session;
  readonly place: Place;
}

export interface Count {
  readonly value: bigint;
}

/** A counter, and what is known of it. */
export interface Counter {
  readonly number: number;
  readonly entry: KvEntry<Count>;
}

/** Removes a session from everywhere. */
export function forget(atomic: KvAtomic, id: string, expiresAt: number, { owner, counter }: Place): KvAtomic {
  return atomic
    .delete([...SESSION, id])
    .delete([...EXPIRY, expiresAt, id])
    .delete([...OWNED, owner, expiresAt, id])
    .sum([...COUNTER, counter], MINUS_ONE);
}

/** Up to when Deno KV keeps what nobody removed. */
export function kept({ expiresAt }: Session, now: number): { readonly expireIn: number } {
  return { expireIn: Math.ceil(expiresAt - now) + KEPT_LONGER_MS };
}

/** Behind everything in an index that has expired at `now`: `true` sorts after every ID. */
export function expiredUntil(index: KvKey, now: number): KvKey {
  return [...index, now, true];
}

/** What an entry of an index is about. */
export function subjectOf({ key }: KvEntry<Place>): { readonly id: string; readonly expiresAt: number } {
  return { id: String(key.at(-1)), expiresAt: Number(key.at(-2)) };
}
