import type { Mutant } from "../store-mutant.ts";

/** Faults of the caps and of eviction. */
export const admission: Readonly<Record<string, Mutant>> = {
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
};
