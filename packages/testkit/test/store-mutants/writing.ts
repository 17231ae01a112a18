import { setImmediate } from "node:timers";
import type { WriteOutcome } from "@matrix-rendezvous/core";
import { textOf } from "@matrix-rendezvous/testkit";
import { type Mutant, tokenOf } from "../store-mutant.ts";

const asConflict = (outcome: WriteOutcome): WriteOutcome =>
  outcome.type === "unchanged" ? { ...outcome, type: "conflict" } : outcome;

/** Faults of compare-and-swap, retries and transactions. */
export const writing: Readonly<Record<string, Mutant>> = {
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
};
