import fc from "fast-check";
import { LIFETIME_MS, START } from "./contract/scenario.ts";
import { History } from "./history.ts";
import { assertProperty, type PropertyOptions } from "./property.ts";
import { type Action, Client, type Clock, FIRST_TOKEN, ID, scripts } from "./races/client.ts";
import { scheduledStore } from "./races/scheduled-store.ts";
import { assertLinearizable } from "./session-rules.ts";
import type { Check } from "./store-contract.ts";
import { type StoreUnderTest, withHandles } from "./store-under-test.ts";

/** What a race's clock may be moved to: just before the session ends, to its end, and past it. */
const MOMENTS = [-1, 0, 1].map((offset) => START + LIFETIME_MS + offset);

/** Clients that race for one session, in shuffled interleavings: what they were answered must be linearizable. */
export function storeRaces(store: StoreUnderTest, options: PropertyOptions = {}): readonly Check[] {
  const clients = fc.array(scripts, { minLength: 2, maxLength: 4 });
  const property = fc.asyncProperty(fc.scheduler(), clients, fc.subarray(MOMENTS), (scheduler, clients, moments) =>
    race(store, scheduler, clients, moments),
  );
  return [{ name: "any interleaving of clients is linearizable", run: () => assertProperty(property, options) }];
}

async function race(
  store: StoreUnderTest,
  scheduler: fc.Scheduler,
  scripts: readonly (readonly Action[])[],
  moments: readonly number[],
): Promise<void> {
  await withHandles(store, scripts.length, async (handles) => {
    const history = new History();
    const clock: Clock = { now: START };
    await new Client("first", history.record(handles[0]), clock).create(FIRST_TOKEN);
    const clients = scripts.map((script, index) => {
      const through = history.record(scheduledStore(handles[index] ?? handles[0], scheduler));
      return new Client("abcd".charAt(index), through, clock).run(script);
    });
    await scheduler.waitFor(Promise.all([...clients, pass(clock, moments, scheduler)]));
    assertLinearizable(history.of(ID));
  });
}

async function pass(clock: Clock, moments: readonly number[], scheduler: fc.Scheduler): Promise<void> {
  for (const now of moments) {
    await scheduler.schedule(Promise.resolve(), `the time is ${now}`);
    clock.now = now;
  }
}
