import { Buffer } from "node:buffer";
import { type RendezvousStore, transition, type WriteOutcome } from "@matrix-rendezvous/core";
import { onCluster } from "./cluster.ts";
import type { Engine } from "./engine.ts";
import { onServer } from "./lifecycle.ts";
import { SWEEP } from "./scripts/sweep.ts";
import { WRITE } from "./scripts/write.ts";
import { channelOf, SESSION_FIELDS, sessionOf } from "./session.ts";
import { Subscriber } from "./subscriber.ts";

const SWEEP_BATCH = 1000;

/** @param prefix what the name of every key starts with */
export function redisStore(engine: Engine, prefix: string): RendezvousStore {
  const keys = {
    total: `${prefix}sessions`,
    sessions: `${prefix}session:`,
    owners: `${prefix}owner:`,
    channels: `${prefix}changed:`,
  };
  const { create, cancel } = engine.isCluster ? onCluster(engine, keys) : onServer(engine, keys);
  const subscriber = new Subscriber(() => engine.listener());
  return {
    create: (...command) => engine.operate(() => create(...command)),
    cancel: (...command) => engine.operate(() => cancel(...command)),

    read: (id, now) =>
      engine.operate(async () => {
        // One plain command is as atomic as a script, and what it gives is for the state machine itself to judge.
        const session = sessionOf(await engine.send("hmget", keys.sessions + id, ...SESSION_FIELDS));
        return transition(session, { type: "read" }, now).outcome;
      }),

    write: (id, { expectedToken, nextToken, payload, transactionId }, now) =>
      engine.operate(async () => {
        const request = [`${now}`, expectedToken, nextToken, Buffer.from(payload), channelOf(keys.channels, id)];
        const args = transactionId === undefined ? request : [...request, transactionId];
        const [type, sequenceToken = "", modified, expires] = await engine.run(WRITE, [keys.sessions + id], args);
        if (type === "absent") return { type };
        const revision = { sequenceToken, modifiedAt: Number(modified), expiresAt: Number(expires) };
        return { type, revision } as WriteOutcome;
      }),

    watch: (id, knownToken, signal) => {
      const channel = channelOf(keys.channels, id);
      const isUnchanged = (): Promise<boolean> =>
        engine.operate(async () => {
          // What is told from now on is heard; what was told before is in the answer.
          await subscriber.subscribe(channel);
          return String(await engine.send("hget", keys.sessions + id, "token")) === knownToken;
        });
      return subscriber.wait(channel, isUnchanged, signal);
    },

    stats: () => engine.operate(async () => ({ sessions: await engine.send<number>("zcard", keys.total) })),

    sweep: (now) =>
      engine.operate(async () => {
        const [removed] = await engine.run(SWEEP, [keys.total], [`${now}`, `${SWEEP_BATCH}`]);
        return Number(removed);
      }),

    close: () => {
      subscriber.close();
      return engine.close();
    },
  };
}
