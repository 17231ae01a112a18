import fc from "fast-check";
import { START } from "./contract/scenario.ts";
import { assertProperty, type PropertyOptions } from "./property.ts";
import { type Action, actions, Client, type Clock, FIRST_TOKEN, ID, MOMENTS } from "./races/actions.ts";
import { scheduledStore } from "./races/scheduled-store.ts";
import { assertLinearizable, History } from "./session-history.ts";
import type { Check } from "./store-contract.ts";
import { type StoreUnderTest, withHandles } from "./store-under-test.ts";

/** Clients that race for one session, in shuffled interleavings: what they were answered must be linearizable. */
export function storeRaces(store: StoreUnderTest, options: PropertyOptions = {}): readonly Check[] {
  const scripts = fc.array(actions, { minLength: 2, maxLength: 4 });
  const property = fc.asyncProperty(fc.scheduler(), scripts, fc.subarray([...MOMENTS]), (scheduler, scripts, moments) =>
    race(store, scheduler, scripts, moments),
  );
  return [{ name: "any interleaving of clients is linearizable", run: () => assertProperty(property, options) }];
}

async function race(
  store: StoreUnderTest,
  scheduler: fc.Scheduler,
  scripts: readonly Action[][],
  moments: readonly number[],
): Promise<void> {
  await withHandles(store, scripts.length, async (handles) => {
    const history = new History();
    const clock: Clock = { now: START };
    await new Client("first", history.record(handles[0]), clock).create(FIRST_TOKEN);
    const clients = scripts.map(async (script, index) => {
      const through = history.record(scheduledStore(handles[index] ?? handles[0], scheduler));
      const client = new Client("abcd".charAt(index), through, clock);
      for (const action of script) await client.do(action);
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
