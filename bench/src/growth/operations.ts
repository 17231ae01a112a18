import type { RendezvousStore } from "@matrix-rendezvous/core";

/** How long operations take in the middle, in microseconds. */
export interface Costs {
  readonly create: number;
  readonly read: number;
  readonly write: number;
  readonly cancel: number;
}

const FILLERS = 16;
const PAYLOAD_BYTES = 600;
export const NOW = 1_700_000_000_000;
export const EXPIRES_AT: number = NOW + 300_000;
const SESSIONS_PER_OWNER = 5;

function create(store: RendezvousStore, id: string, number: number): Promise<unknown> {
  const owner = `owner-${Math.floor(number / SESSIONS_PER_OWNER)}`;
  const admission = { owner, maxSessions: 10_000_000, maxSessionsPerOwner: 20, whenFull: "reject" } as const;
  const payload = new Uint8Array(PAYLOAD_BYTES).fill(number);
  return store.create(id, { sequenceToken: "first", payload, expiresAt: EXPIRES_AT }, admission, NOW);
}

/** Puts `size` live sessions into an empty store. */
export async function fill(store: RendezvousStore, size: number): Promise<void> {
  let next = 0;
  const filler = async (): Promise<void> => {
    for (let number = next++; number < size; number = next++) await create(store, `live-${number}`, number);
  };
  await Promise.all(Array.from({ length: FILLERS }, filler));
}

/** Times so many operations of each kind, one after the other, and leaves `size` live sessions as before. */
export async function costs(store: RendezvousStore, size: number, operations: number): Promise<Costs> {
  // A prime, so that reads jump about and meet each session as often as the others.
  const live = (number: number): string => `live-${(number * 7919) % size}`;
  const write = { expectedToken: "first", nextToken: "second", payload: new Uint8Array(PAYLOAD_BYTES) };
  return {
    create: await medianUs(operations, (number) => create(store, `new-${number}`, size + number)),
    read: await medianUs(operations, (number) => store.read(live(number), NOW)),
    write: await medianUs(operations, (number) => store.write(`new-${number}`, write, NOW)),
    cancel: await medianUs(operations, (number) => store.cancel(`new-${number}`, NOW)),
  };
}

/** Removes them all. */
export async function empty(store: RendezvousStore): Promise<void> {
  while ((await store.sweep(EXPIRES_AT)) > 0);
}

async function medianUs(operations: number, operation: (number: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let number = 0; number < operations; number += 1) {
    const startedAt = performance.now();
    await operation(number);
    times.push((performance.now() - startedAt) * 1000);
  }
  return times.toSorted((one, other) => one - other)[Math.floor(operations / 2)] ?? Number.NaN;
}
