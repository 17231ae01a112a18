import { memoryStore, type ReadOutcome, type RendezvousStore } from "@matrix-rendezvous/core";
import { answerOf, type StoreUnderTest } from "@matrix-rendezvous/testkit";

/** A store with one fault, and what must find it. */
export interface Mutant {
  /** The rule of the contract that must fail. */
  readonly rule: string;
  /** What must find it as well. */
  readonly also: readonly ("model" | "races")[];
  /** What the faulty store does differently from the sound one. */
  readonly fault: (sound: RendezvousStore) => Partial<RendezvousStore>;
}

/** The token of the session that was read. */
export function tokenOf(outcome: ReadOutcome): string | undefined {
  return answerOf(outcome).token;
}

/** The memory store with a fault. */
export function mutated(name: string, { fault }: Pick<Mutant, "fault">): StoreUnderTest {
  const open = async () => {
    const sound = memoryStore();
    return { ...bound(sound), ...fault(sound) };
  };
  return { name, shared: false, watches: true, fresh: async () => ({ open, remove: async () => {} }) };
}

/** One memory store behind several handles; each handle's `fault` is its own. */
export function replicated(name: string, { fault }: Pick<Mutant, "fault">): StoreUnderTest {
  const fresh = async () => {
    const sound = memoryStore();
    return { open: async () => ({ ...bound(sound), ...fault(sound) }), remove: async () => {} };
  };
  return { name, shared: true, watches: true, fresh };
}

function bound(store: RendezvousStore): RendezvousStore {
  return {
    create: (...args) => store.create(...args),
    read: (...args) => store.read(...args),
    write: (...args) => store.write(...args),
    cancel: (...args) => store.cancel(...args),
    stats: () => store.stats(),
    sweep: (now) => store.sweep(now),
    watch: async (...args) => await store.watch?.(...args),
    close: () => store.close(),
  };
}
