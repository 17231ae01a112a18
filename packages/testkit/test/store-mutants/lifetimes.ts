import type { Mutant } from "../store-mutant.ts";

/** Faults of creation, expiry, cancellation, sweeps and watches. */
export const lifetimes: Readonly<Record<string, Mutant>> = {
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
