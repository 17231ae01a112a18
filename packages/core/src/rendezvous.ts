import { Waiters } from "./lib/waiters.ts";
import { MAX_IDENTIFIER_LENGTH, MAX_PAYLOAD_BYTES, type Revision, type Session } from "./session.ts";
import type { Admission, RendezvousStore, StoreStats } from "./store.ts";

/** 22 characters of 6 bits: 132 bits that cannot be guessed, and short, because the ID goes into a QR code. */
const ID_LENGTH = 22;
/** 16 characters of 6 bits. A token is no secret; it must only never come up twice in a session. */
const TOKEN_LENGTH = 16;
const TRANSACTION_ID: RegExp = new RegExp(`^[!-~]{1,${MAX_IDENTIFIER_LENGTH}}$`);
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CODES: readonly number[] = Array.from(ALPHABET, (character) => character.charCodeAt(0));

/** What a rendezvous service is made of, and how much it lets in. */
export interface RendezvousOptions {
  /** Where the sessions are kept. */
  readonly store: RendezvousStore;
  /** The time in Unix milliseconds, as `Date.now` gives it. Replicas that share a store need clocks in step. */
  readonly now: () => number;
  /** `length` bytes from a cryptographically secure source. IDs are secrets: anything less lets them be guessed. */
  readonly randomBytes: (length: number) => Uint8Array;
  /**
   * How long a session lives, in milliseconds, an integer of 1 or more. MSC4388 asks for 120,000 to 300,000: less
   * ends sign-ins while people still type, more keeps payloads for no use.
   * @default 300000
   */
  readonly ttlMs?: number | undefined;
  /** Most live sessions. Too low turns sign-ins away; each takes some 7 kB with the largest payload. @default 10000 */
  readonly maxSessions?: number | undefined;
  /** Most live sessions of one owner. Too low hurts people who share an address. @default 20 */
  readonly maxSessionsPerOwner?: number | undefined;
  /** What happens to a creation when a cap is reached. @default "reject" */
  readonly whenFull?: Admission["whenFull"] | undefined;
  /**
   * Most calls of {@link Rendezvous.waitForChange} that wait at a time, each with a connection held open; of one session
   * never more than 4 do. Who comes too late is answered at once, as if nothing had changed.
   * @default 10000
   */
  readonly maxWaiters?: number | undefined;
  /**
   * What every ID starts with, 0 to 16 characters of `[0-9A-Za-z._~-]`. Two services with different prefixes can share
   * a store, and its caps, without serving each other's sessions.
   * @default ""
   */
  readonly idPrefix?: string | undefined;
}

/** Why an operation failed. `code` is stable. */
export type RendezvousError =
  /** No such session: never created, cancelled or expired. Which of them is not told. */
  | { readonly code: "absent" }
  /** Somebody else wrote first; `current` is what the slot holds now. */
  | { readonly code: "conflict"; readonly current: Revision }
  /** The payload is longer than `limitBytes`. */
  | { readonly code: "payload_too_large"; readonly limitBytes: number }
  /** The transaction ID is not 1 to `maxLength` visible ASCII characters. */
  | { readonly code: "invalid_transaction_id"; readonly maxLength: number }
  /** A cap is reached; trying again makes sense in `retryAfterMs` milliseconds, 1 or more. */
  | { readonly code: "full"; readonly scope: "owner" | "total"; readonly retryAfterMs: number };

/** What an operation gives: its value, or an error with one of the codes that it names. */
export type Result<Value, Code extends RendezvousError["code"]> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: Extract<RendezvousError, { code: Code }> };

/** A session as its creator gets it. */
export interface CreatedSession extends Revision {
  /** The rendezvous ID, `idPrefix` and 22 characters of `[0-9A-Za-z_-]`. The session's only secret: never log it. */
  readonly id: string;
}

/** A write, as its client asks for it. */
export interface WriteRequest {
  /** The token of the revision that the writer last saw. */
  readonly sequenceToken: string;
  /** 0 to 4,096 bytes. */
  readonly payload: Uint8Array;
  /** 1 to 255 visible ASCII characters. The same ID again gets the recorded answer again, for the session's last 16 such writes. */
  readonly transactionId?: string | undefined;
}

/** Rendezvous sessions in a store, with no HTTP. Rejects only where the store does, with `StoreUnavailableError`. */
export interface Rendezvous {
  /** Starts a session that holds `payload`, counted against `owner` (1 to 512 characters). */
  create(payload: Uint8Array, owner: string): Promise<Result<CreatedSession, "payload_too_large" | "full">>;
  /** Gives what the session holds. Whoever knows the ID may read, any number of times. */
  read(id: string): Promise<Result<Session, "absent">>;
  /** Compare-and-swap; gives the sequence token that is current afterwards, or that a repeated transaction was given. */
  write(
    id: string,
    request: WriteRequest,
  ): Promise<Result<Revision, "absent" | "conflict" | "payload_too_large" | "invalid_transaction_id">>;
  /** Ends a session before its time. */
  cancel(id: string): Promise<Result<undefined, "absent">>;
  /** Milliseconds until a session ends, an integer, never negative. */
  remaining(revision: Revision): number;
  /** Whether {@link Rendezvous.waitForChange} can wait: the store tells of changes. */
  readonly canWait: boolean;
  /**
   * Resolves once the session may have another sequence token than `knownToken`, or may be gone, or `signal` is aborted;
   * at once where too many wait already. What the session then is, a read tells.
   */
  waitForChange(id: string, knownToken: string, signal: AbortSignal): Promise<void>;
  /** Frees what expired sessions occupy; see {@link RendezvousStore.sweep}. */
  sweep(): Promise<number>;
  /** How much the store holds. */
  stats(): Promise<StoreStats>;
}

const ABSENT = { ok: false, error: { code: "absent" } } as const;
const TOO_LARGE = { ok: false, error: { code: "payload_too_large", limitBytes: MAX_PAYLOAD_BYTES } } as const;

/**
 * Joins the state machine's rules with a store, a clock and a source of randomness.
 *
 * @throws RangeError where an option is out of its bounds
 *
 * @example
 * ```ts
 * import { createRendezvous, memoryStore } from "@matrix-rendezvous/core";
 *
 * const rendezvous = createRendezvous({
 *   store: memoryStore(),
 *   now: Date.now,
 *   randomBytes: (length) => crypto.getRandomValues(new Uint8Array(length)),
 * });
 * const created = await rendezvous.create(new TextEncoder().encode("hello"), "@alice:example.org");
 * if (created.ok) console.log(rendezvous.remaining(created.value)); // 300000
 * ```
 */
export function createRendezvous(options: RendezvousOptions): Rendezvous {
  const { store, now, randomBytes, idPrefix = "", whenFull = "reject" } = options;
  const ttlMs = positive("ttlMs", options.ttlMs ?? 300_000);
  const maxSessions = positive("maxSessions", options.maxSessions ?? 10_000);
  const maxSessionsPerOwner = positive("maxSessionsPerOwner", options.maxSessionsPerOwner ?? 20);
  if (!/^[\w.~-]{0,16}$/.test(idPrefix)) throw new RangeError("idPrefix must be 0 to 16 characters of [0-9A-Za-z._~-]");

  const waiters = new Waiters(positive("maxWaiters", options.maxWaiters ?? 10_000));

  // What cannot be one of our IDs never reaches the store: its keys are bounded, and nobody else's are touched.
  const isOurs = (id: string): boolean => id.startsWith(idPrefix) && isText(id.slice(idPrefix.length), ID_LENGTH);

  return {
    async create(payload, owner) {
      if (payload.length > MAX_PAYLOAD_BYTES) return TOO_LARGE;
      const at = now();
      const id = idPrefix + randomText(randomBytes(ID_LENGTH));
      const revision = { sequenceToken: randomText(randomBytes(TOKEN_LENGTH)), modifiedAt: at, expiresAt: at + ttlMs };
      const admission: Admission = { owner, maxSessions, maxSessionsPerOwner, whenFull };
      const outcome = await store.create(id, { ...revision, payload }, admission, at);
      switch (outcome.type) {
        case "created":
          return { ok: true, value: { id, ...revision } };
        case "full": {
          const retryAfterMs = Math.max(1, Math.ceil(outcome.retryAt - at));
          return { ok: false, error: { code: "full", scope: outcome.scope, retryAfterMs } };
        }
        case "exists":
          // 132 random bits do not meet by chance.
          throw new Error("randomBytes gave a rendezvous ID that is in use: it is not a source of randomness");
      }
    },

    async read(id) {
      if (!isOurs(id)) return ABSENT;
      const outcome = await store.read(id, now());
      return outcome.type === "found" ? { ok: true, value: outcome.session } : ABSENT;
    },

    async write(id, { sequenceToken, payload, transactionId }) {
      if (payload.length > MAX_PAYLOAD_BYTES) return TOO_LARGE;
      if (transactionId !== undefined && !TRANSACTION_ID.test(transactionId)) {
        return { ok: false, error: { code: "invalid_transaction_id", maxLength: MAX_IDENTIFIER_LENGTH } };
      }
      if (!isOurs(id)) return ABSENT;
      const nextToken = randomText(randomBytes(TOKEN_LENGTH));
      // What is no token was never given out: it is stale like any other, and stores need not be able to hold it.
      const expectedToken = isSequenceToken(sequenceToken) ? sequenceToken : "";
      const outcome = await store.write(id, { expectedToken, nextToken, payload, transactionId }, now());
      if (outcome.type === "absent") return ABSENT;
      if (outcome.type === "conflict") return { ok: false, error: { code: "conflict", current: outcome.revision } };
      return { ok: true, value: outcome.revision };
    },

    async cancel(id) {
      if (!isOurs(id)) return ABSENT;
      const outcome = await store.cancel(id, now());
      return outcome.type === "cancelled" ? { ok: true, value: undefined } : ABSENT;
    },

    canWait: store.watch !== undefined,

    async waitForChange(id, knownToken, signal) {
      if (!isOurs(id) || signal.aborted) return;
      await waiters.admit(id, async () => store.watch?.(id, knownToken, signal));
    },

    remaining: (revision) => Math.max(0, Math.floor(revision.expiresAt - now())),
    sweep: () => store.sweep(now()),
    stats: () => store.stats(),
  };
}

function positive(name: string, value: number): number {
  if (value === Number.POSITIVE_INFINITY && name !== "ttlMs") return value;
  if (Number.isSafeInteger(value) && value >= 1) return value;
  throw new RangeError(`${name} must be an integer of 1 or more, not ${value}`);
}

/** Whether a text has the form of the sequence tokens that {@link createRendezvous} gives. */
export function isSequenceToken(text: string): boolean {
  return isText(text, TOKEN_LENGTH);
}

/** Whether `text` could have come from {@link randomText}. */
function isText(text: string, length: number): boolean {
  return text.length === length && /^[\w-]+$/.test(text);
}

function randomText(bytes: Uint8Array): string {
  // 64 divides 256, so the low six bits of a random byte choose each character equally often.
  const codes = Array.from<number>({ length: bytes.length });
  for (let place = 0; place < codes.length; place += 1) codes[place] = CODES[(bytes[place] ?? 0) & 63] ?? 0;
  // In one call, because text that is put together bit by bit stays so in memory, for as long as the session lives.
  return String.fromCharCode.apply(undefined, codes);
}
