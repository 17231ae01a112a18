import { setTimeout } from "node:timers/promises";
import { StoreUnavailableError } from "@matrix-rendezvous/core";

/** SQLite's primary result codes that tell of its surroundings, not of a mistake in this package. */
const REASONS: Readonly<Record<number, string>> = {
  5: "another process keeps it locked",
  7: "there is no memory left",
  8: "it is read-only",
  10: "reading or writing it failed (an I/O error)",
  11: "it is damaged",
  13: "the disk is full",
  14: "a file of it cannot be opened or created",
  15: "another process keeps it locked",
  26: "it is not an SQLite database",
};
const LOCKED = [5, 15];

/** How long to leave the lock to others, and the thread to other requests, before trying again. In milliseconds. */
const PAUSE_MS = 10;

/** Thrown where a row is not what this package writes. */
export class DamagedError extends Error {
  override readonly name = "DamagedError";
}

/** What SQLite says is wrong, in words that hold nothing of what is stored; `undefined` where it is not about SQLite. */
export function reasonOf(error: unknown): string | undefined {
  return error instanceof DamagedError ? REASONS[11] : REASONS[codeOf(error)];
}

/** The error for a caller: `StoreUnavailableError` where the database is to blame, any other as it is. */
export function asUnavailable(error: unknown): unknown {
  const reason = reasonOf(error);
  if (reason === undefined) return error;
  return new StoreUnavailableError(`the SQLite database cannot be used: ${reason}`, { cause: error });
}

export function isLocked(error: unknown): boolean {
  return LOCKED.includes(codeOf(error));
}

/** Tries again, with pauses, for as long as another process keeps the database locked, up to `timeoutMs`. */
export async function whenUnlocked<T>(attempt: () => T, timeoutMs: number): Promise<T> {
  for (const deadline = performance.now() + timeoutMs; ; await setTimeout(PAUSE_MS)) {
    try {
      return attempt();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= deadline) throw error;
    }
  }
}

function codeOf(error: unknown): number {
  return error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0;
}
