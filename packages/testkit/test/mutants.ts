import { setImmediate } from "node:timers";
import { memoryStore, type ReadOutcome, type RendezvousStore, type WriteOutcome } from "@matrix-rendezvous/core";
import { answerOf, bytesOf, type StoreUnderTest, textOf } from "@matrix-rendezvous/testkit";

/** A store with one fault, and what must find it. */
export interface Mutant {
  /** The rule of the contract that must fail. */
  readonly rule: string;
  /** What must find it as well. */
  readonly also: readonly ("model" | "races")[];
  /** What the faulty store does differently from the sound one. */
  readonly fault: (sound: RendezvousStore) => Partial<RendezvousStore>;
}

const tokenOf = (outcome: ReadOutcome): string | undefined => answerOf(outcome).token;
const asConflict = (outcome: WriteOutcome): WriteOutcome =>
  outcome.type === "unchanged" ? { ...outcome, type: "conflict" } : outcome;

export const mutants: Readonly<Record<string, Mutant>> = {
  "any token wins": {
    rule: "a write with any token but the current one is a conflict, and changes nothing",
    also: ["model", "races"],
    fault: (sound) => ({
      write: async (id, write, now) =>
        sound.write(id, { ...write, expectedToken: tokenOf(await sound.read(id, now)) ?? "" }, now),
    }),
  },
  "tokens are compared without case": {
    rule: "IDs and tokens are compared exactly, up to their full length",
    also: [],
    fault: (sound) => ({
      write: async (id, write, now) => {
        const current = tokenOf(await sound.read(id, now));
        const same = current?.toLowerCase() === write.expectedToken.toLowerCase();
        return sound.write(id, { ...write, expectedToken: same ? (current ?? "") : write.expectedToken }, now);
      },
    }),
  },
  "compares first, and swaps later": {
    rule: "of concurrent writers with one token exactly one wins, and the others are told its revision",
    also: ["races"],
    fault: (sound) => ({
      write: async (id, write, now) => {
        const wins = tokenOf(await sound.read(id, now)) === write.expectedToken;
        if (!wins || write.transactionId !== undefined) return sound.write(id, write, now);
        // As long as it takes to ask an engine outside of the process.
        await new Promise((resolve) => setImmediate(resolve));
        for (;;) {
          const expectedToken = tokenOf(await sound.read(id, now)) ?? "";
          const outcome = await sound.write(id, { ...write, expectedToken }, now);
          if (outcome.type !== "conflict") return outcome;
        }
      },
    }),
  },
  "the token is made from the data": {
    rule: "a write of identical data with the current token changes the token",
    also: ["model", "races"],
    fault: (sound) => ({
      write: (id, write, now) => sound.write(id, { ...write, nextToken: `token-of-${textOf(write.payload)}` }, now),
    }),
  },
  "identical data is not written": {
    rule: "tokens differ although data and time are the same",
    also: ["model", "races"],
    fault: (sound) => ({
      write: (id, write, now) =>
        sound
          .write(id, { ...write, expectedToken: `not ${write.expectedToken}` }, now)
          .then((outcome) => (outcome.type === "conflict" ? sound.write(id, write, now) : outcome)),
    }),
  },
  "a retry is a conflict": {
    rule: "a write of the current data with any other token is a retry: the current revision, and nothing changes",
    also: ["model", "races"],
    fault: (sound) => ({ write: async (id, write, now) => asConflict(await sound.write(id, write, now)) }),
  },
  "a retry needs the token before the current one": {
    rule: "a write of the current data with any other token is a retry: the current revision, and nothing changes",
    also: ["model", "races"],
    fault: (sound) => {
      const before = new Map<string, string>();
      return {
        write: async (id, write, now) => {
          const outcome = await sound.write(id, write, now);
          if (outcome.type === "written") before.set(id, write.expectedToken);
          return before.get(id) === write.expectedToken ? outcome : asConflict(outcome);
        },
      };
    },
  },
  "an old transaction is evaluated again": {
    rule: "a repeated transaction gets its token again, and is not evaluated",
    also: ["model", "races"],
    fault: (sound) => ({ write: (id, write, now) => sound.write(id, { ...write, transactionId: undefined }, now) }),
  },
  "only a transaction that won is remembered": {
    rule: "a repeated transaction that was a conflict is a conflict again, even where it would win now",
    also: ["model", "races"],
    fault: (sound) => {
      const won = new Set<string>();
      return {
        write: async (id, write, now) => {
          const key = `${id} ${write.transactionId}`;
          const wins = tokenOf(await sound.read(id, now)) === write.expectedToken;
          if (wins) won.add(key);
          return sound.write(id, won.has(key) ? write : { ...write, transactionId: undefined }, now);
        },
      };
    },
  },
  "a transaction outlives its session": {
    rule: "transactions are forgotten with their session, whether it was cancelled or expired",
    also: ["model", "races"],
    fault: (sound) => {
      const tokens = new Map<string, string>();
      return {
        write: async (id, write, now) => {
          const key = `${id} ${write.transactionId}`;
          const sequenceToken = tokens.get(key);
          const outcome = await sound.write(id, write, now);
          if (outcome.type === "absent" || write.transactionId === undefined) return outcome;
          if (sequenceToken !== undefined)
            return { type: "replayed", revision: { ...outcome.revision, sequenceToken } };
          if (outcome.type === "written") tokens.set(key, outcome.revision.sequenceToken);
          return outcome;
        },
      };
    },
  },
  "a write extends the session": {
    rule: "neither a write nor a read extends a session",
    also: ["model", "races"],
    fault: (sound) => {
      const extended = new Set<string>();
      const early = (id: string, now: number) => (extended.has(id) ? now - 60_000 : now);
      return {
        read: (id, now) => sound.read(id, early(id, now)),
        write: async (id, write, now) => {
          const outcome = await sound.write(id, write, now);
          if (outcome.type === "written") extended.add(id);
          return outcome;
        },
      };
    },
  },
  "a session can be read at its end": {
    rule: "a session can be read to its last millisecond, and not from its end on",
    also: ["model", "races"],
    fault: (sound) => ({ read: (id, now) => sound.read(id, now - 1) }),
  },
  "a session can be cancelled at its end": {
    rule: "a session can be cancelled to its last millisecond, and not from its end on",
    also: ["model", "races"],
    fault: (sound) => ({ cancel: (id, now) => sound.cancel(id, now - 1) }),
  },
  "a cancelled session can still be read": {
    rule: "cancelling ends a session for every command, and only that one",
    also: ["model", "races"],
    fault: (sound) => ({
      cancel: async (id, now) => ({ type: (await sound.read(id, now)).type === "found" ? "cancelled" : "absent" }),
    }),
  },
  "an ID in use is taken over": {
    rule: "an ID in use is refused, and its session left as it was",
    also: ["model", "races"],
    fault: (sound) => ({
      create: async (id, session, admission, now) => {
        await sound.cancel(id, now);
        return sound.create(id, session, admission, now);
      },
    }),
  },
  "a live session is evicted where the store is full": {
    rule: "a creation that is turned away costs no live session",
    also: ["model"],
    fault: (sound) => ({
      create: (id, session, admission, now) =>
        sound.create(id, session, { ...admission, whenFull: "evict-oldest" }, now),
    }),
  },
  "somebody else's session is evicted where an owner's share is full": {
    rule: "evict-oldest ends a session of the same owner where that owner's share is full",
    also: ["model"],
    fault: (sound) => ({
      create: async (id, session, admission, now) => {
        const outcome = await sound.create(id, session, { ...admission, whenFull: "reject" }, now);
        if (outcome.type !== "full" || admission.whenFull === "reject") return outcome;
        const { sessions } = await sound.stats();
        return sound.create(id, session, { ...admission, maxSessions: sessions, maxSessionsPerOwner: Infinity }, now);
      },
    }),
  },
  "one session more than the cap": {
    rule: "the cap on all sessions lets in as many as it says, and tells when a place is free",
    also: ["model"],
    fault: (sound) => ({
      create: (id, session, admission, now) =>
        sound.create(id, session, { ...admission, maxSessions: admission.maxSessions + 1 }, now),
    }),
  },
  "one session more than an owner's share": {
    rule: "the cap on one owner's sessions lets in as many as it says, and leaves other owners alone",
    also: ["model"],
    fault: (sound) => ({
      create: (id, session, admission, now) =>
        sound.create(id, session, { ...admission, maxSessionsPerOwner: admission.maxSessionsPerOwner + 1 }, now),
    }),
  },
  "the cap on all sessions is named first": {
    rule: "where both caps are reached, the owner's is named",
    also: ["model"],
    fault: (sound) => ({
      create: async (id, session, admission, now) => {
        const outcome = await sound.create(id, session, admission, now);
        if (outcome.type !== "full") return outcome;
        const total = await sound.create(id, session, { ...admission, maxSessionsPerOwner: Infinity }, now);
        if (total.type === "created") await sound.cancel(id, now);
        return total.type === "full" ? total : outcome;
      },
    }),
  },
  "an expired session takes a place until it is swept": {
    rule: "an expired session takes no place, though nothing swept it",
    also: ["model"],
    fault: (sound) => ({
      create: async (id, session, admission, now) => {
        const { sessions } = await sound.stats();
        const taken = (await sound.read(id, now)).type === "absent" && sessions >= admission.maxSessions;
        if (taken && admission.whenFull === "reject") return { type: "full", scope: "total", retryAt: now + 1 };
        return sound.create(id, session, admission, now);
      },
    }),
  },
  "counts and creates in two steps": {
    rule: "concurrent creations fill the cap on all sessions, and never exceed it",
    also: [],
    fault: (sound) => ({
      create: async (id, session, admission, now) => {
        const { sessions } = await sound.stats();
        if (sessions >= admission.maxSessions) return sound.create(id, session, admission, now);
        return sound.create(id, session, { ...admission, maxSessions: Infinity }, now);
      },
    }),
  },
  "the caller's array is stored": {
    rule: "what the caller does to its array afterwards changes nothing",
    also: [],
    fault: (sound) => {
      const payloads = new Map<string, Uint8Array>();
      return {
        create: (id, session, admission, now) => {
          payloads.set(session.sequenceToken, session.payload);
          return sound.create(id, session, admission, now);
        },
        write: (id, write, now) => {
          payloads.set(write.nextToken, write.payload);
          return sound.write(id, write, now);
        },
        read: async (id, now) => {
          const outcome = await sound.read(id, now);
          if (outcome.type === "absent") return outcome;
          const payload = payloads.get(outcome.session.sequenceToken) ?? outcome.session.payload;
          return { ...outcome, session: { ...outcome.session, payload } };
        },
      };
    },
  },
  "a payload ends at its first NUL": {
    rule: "a payload with NUL at the start, in the middle and at the end comes back byte for byte",
    also: ["model"],
    fault: (sound) => ({
      write: (id, write, now) =>
        sound.write(id, { ...write, payload: bytesOf(textOf(write.payload).split("\0")[0] ?? "") }, now),
    }),
  },
  "a payload is stored as text": {
    rule: "a payload that is not UTF-8 comes back byte for byte",
    also: ["model"],
    fault: (sound) => {
      const asText = (payload: Uint8Array) => new TextEncoder().encode(new TextDecoder().decode(payload));
      return {
        create: (id, session, admission, now) =>
          sound.create(id, { ...session, payload: asText(session.payload) }, admission, now),
        write: (id, write, now) => sound.write(id, { ...write, payload: asText(write.payload) }, now),
      };
    },
  },
  "the time of change stays that of creation": {
    rule: "a write with the current token replaces payload, token and time of change, and no more",
    also: ["model", "races"],
    fault: (sound) => {
      const created = new Map<string, number>();
      return {
        create: (id, session, admission, now) => {
          created.set(id, now);
          return sound.create(id, session, admission, now);
        },
        read: async (id, now) => {
          const outcome = await sound.read(id, now);
          if (outcome.type === "absent") return outcome;
          return { ...outcome, session: { ...outcome.session, modifiedAt: created.get(id) ?? now } };
        },
      };
    },
  },
  "a sweep removes what is about to expire": {
    rule: "a sweep removes what has expired, and nothing that is live",
    also: ["model"],
    fault: (sound) => ({ sweep: (now) => sound.sweep(now + 1) }),
  },
  "a sweep removes nothing": {
    rule: "a session that was swept away is gone for every command",
    also: ["model"],
    fault: () => ({ sweep: async () => 0 }),
  },
  "an aborted watch fails": {
    rule: "a watch ends when it is aborted, before it begins or later",
    also: [],
    fault: (sound) => ({
      watch: async (id, token, signal) => {
        await sound.watch?.(id, token, signal);
        signal.throwIfAborted();
      },
    }),
  },
  "a sweep removes everything at once": {
    rule: "a sweep removes at most 1000 sessions at once, and all of them in the end",
    also: [],
    fault: (sound) => ({
      sweep: async (now) => {
        let removed = 0;
        for (let count = await sound.sweep(now); count > 0; count = await sound.sweep(now)) removed += count;
        return removed;
      },
    }),
  },
};

/** The memory store with a fault. */
export function mutated(name: string, { fault }: Pick<Mutant, "fault">): StoreUnderTest {
  const open = async () => {
    const sound = memoryStore();
    return { ...bound(sound), ...fault(sound) };
  };
  return { name, shared: false, watches: true, fresh: async () => ({ open, remove: async () => {} }) };
}

/** One memory store behind several handles; each handle's `fault` is its own. */
export function replicated(name: string, { fault }: Pick<Mutant, "fault">): StoreUnderTest {
  const fresh = async () => {
    const sound = memoryStore();
    return { open: async () => ({ ...bound(sound), ...fault(sound) }), remove: async () => {} };
  };
  return { name, shared: true, watches: true, fresh };
}

function bound(store: RendezvousStore): RendezvousStore {
  return {
    create: (...args) => store.create(...args),
    read: (...args) => store.read(...args),
    write: (...args) => store.write(...args),
    cancel: (...args) => store.cancel(...args),
    stats: () => store.stats(),
    sweep: (now) => store.sweep(now),
    watch: async (...args) => await store.watch?.(...args),
    close: () => store.close(),
  };
}
