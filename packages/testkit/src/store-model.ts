import type { Admission } from "@matrix-rendezvous/core";
import fc from "fast-check";
import { START } from "./contract/scenario.ts";
import { commands, compareRead, compareStats, IDS, type Model } from "./model/commands.ts";
import { ReferenceModel } from "./model/reference-model.ts";
import { assertProperty, type PropertyOptions } from "./property.ts";
import type { Check } from "./store-contract.ts";
import { type StoreUnderTest, withHandles } from "./store-under-test.ts";

/** Random sequences of commands, whose every answer must be the reference model's. */
export function storeModel(store: StoreUnderTest, options: PropertyOptions = {}): readonly Check[] {
  return (["reject", "evict-oldest"] as const).map((whenFull) => ({
    name: `any sequence of commands is answered as by the reference model (${whenFull})`,
    run: () => assertProperty(answersAsModel(store, whenFull), options),
  }));
}

function answersAsModel(store: StoreUnderTest, whenFull: Admission["whenFull"]): fc.IAsyncProperty<unknown> {
  const caps = fc.record({
    maxSessions: fc.integer({ min: 1, max: 5 }),
    maxSessionsPerOwner: fc.integer({ min: 1, max: 4 }),
  });
  return fc.asyncProperty(caps, commands, (caps, commands) =>
    withHandles(store, 2, async (handles) => {
      const admission = { ...caps, whenFull };
      const sessions = new ReferenceModel();
      const model: Model = { sessions, admission, now: START, made: 0, tokens: new Map(), writes: new Map() };
      await fc.asyncModelRun(() => ({ model, real: { handles } }), commands);
      for (const id of IDS) await compareRead(model, handles[0], id);
      await compareStats(model, handles[0]);
    }),
  );
}
