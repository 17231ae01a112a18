import { bytesOf, textOf } from "@matrix-rendezvous/testkit";
import type { Mutant } from "../store-mutant.ts";

/** Faults of what is stored. */
export const storing: Readonly<Record<string, Mutant>> = {
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
};
