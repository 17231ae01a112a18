import type { RendezvousStore } from "@matrix-rendezvous/core";
import type fc from "fast-check";

/** The store, with every operation held back by the scheduler before it begins and again before its answer arrives. */
export function scheduledStore(store: RendezvousStore, scheduler: fc.Scheduler): RendezvousStore {
  async function hold<T>(label: string, call: () => Promise<T>): Promise<T> {
    await scheduler.schedule(Promise.resolve(), `${label} begins`);
    const outcome = await call();
    await scheduler.schedule(Promise.resolve(), `${label} is answered`);
    return outcome;
  }
  return {
    create: (id, ...rest) => hold("create", () => store.create(id, ...rest)),
    read: (id, now) => hold("read", () => store.read(id, now)),
    write: (id, write, now) => hold(`write ${write.nextToken}`, () => store.write(id, write, now)),
    cancel: (id, now) => hold("cancel", () => store.cancel(id, now)),
    sweep: (now) => hold("sweep", () => store.sweep(now)),
    stats: () => hold("stats", () => store.stats()),
    close: () => store.close(),
  };
}
