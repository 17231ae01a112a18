import { memoryStore, type RendezvousStore } from "@matrix-rendezvous/core";

/** A store as the tests see it: how to get an empty one, and what may be expected of it. */
export interface StoreUnderTest {
  /** What the tests are called after. */
  readonly name: string;
  /** Whether handles opened on one sandbox, one after the other or at the same time, see the same sessions. */
  readonly shared: boolean;
  /** Whether the store has `watch`. @default false */
  readonly watches?: boolean;
  /** Makes empty storage that nothing else uses. Called some hundred times. */
  fresh(): Promise<Sandbox>;
}

/** Storage of its own for one test. */
export interface Sandbox {
  /** Opens a handle. Called several times at once where the store is shared; the tests close every handle. */
  open(): Promise<RendezvousStore>;
  /** Removes the storage, after all of its handles were closed. */
  remove(): Promise<void>;
}

/** One handle or more on the same sessions. */
export type Handles = readonly [RendezvousStore, ...RendezvousStore[]];

/** The memory store, under test. */
export const memoryUnderTest: StoreUnderTest = {
  name: "memory store",
  shared: false,
  watches: true,
  fresh: async () => ({ open: async () => memoryStore(), remove: async () => {} }),
};

/**
 * Opens `count` handles on fresh storage, runs `body` on them, closes and removes everything. A store that is not
 * shared gives the same handle `count` times.
 */
export async function withHandles<T>(
  store: StoreUnderTest,
  count: number,
  body: (handles: Handles) => Promise<T>,
): Promise<T> {
  const sandbox = await store.fresh();
  const first = await sandbox.open();
  const opened = [first];
  try {
    for (let index = 1; index < count && store.shared; index += 1) opened.push(await sandbox.open());
    const others = Array.from({ length: count - 1 }, (_, index) => opened[index + 1] ?? first);
    return await body([first, ...others]);
  } finally {
    await Promise.all(opened.map((handle) => handle.close()));
    await sandbox.remove();
  }
}
