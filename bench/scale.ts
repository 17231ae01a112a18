/**
 * What a store's operations cost with few and with many live sessions: `scale.ts STORE-URL [SIZE,…]`, on any runtime. The
 * store should be empty, and is emptied again.
 */
import { argv } from "node:process";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { openStore } from "../packages/program/src/stores.ts";

const [url = "memory:", sizes = "1000,100000,1000000"] = argv.slice(2);
/** How many operations of each kind a round times, one after the other. */
const OPERATIONS = 2_000;
/** The round with the least median counts: whatever else the machine does makes it slower only. */
const ROUNDS = 3;
const FILLERS = 16;
const PAYLOAD: Uint8Array = crypto.getRandomValues(new Uint8Array(600));
const NOW = 1_700_000_000_000;
const EXPIRES_AT: number = NOW + 300_000;

type Operation = "create" | "read" | "write" | "cancel";
interface Cost {
  readonly median: number;
  readonly p99: number;
}

function create(store: RendezvousStore, id: string, number: number): Promise<unknown> {
  const admission = { maxSessions: 2_000_000, maxSessionsPerOwner: 20, whenFull: "reject" } as const;
  const session = { sequenceToken: "first", payload: PAYLOAD, expiresAt: EXPIRES_AT };
  // Up to five sessions of an owner.
  return store.create(id, session, { ...admission, owner: `owner-${number % 200_000}` }, NOW);
}

async function fill(store: RendezvousStore, from: number, to: number): Promise<void> {
  let next = from;
  const filler = async (): Promise<void> => {
    while (next < to) {
      const number = next++;
      await create(store, `live-${number}`, number);
    }
  };
  await Promise.all(Array.from({ length: FILLERS }, filler));
}

async function timed(operation: (number: number) => Promise<unknown>): Promise<Cost> {
  const times: number[] = [];
  for (let number = 0; number < OPERATIONS; number += 1) {
    const startedAt = performance.now();
    await operation(number);
    times.push((performance.now() - startedAt) * 1000);
  }
  times.sort((left, right) => left - right);
  const at = (part: number): number => times[Math.floor(times.length * part)] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99) };
}

async function round(store: RendezvousStore, size: number): Promise<Record<Operation, Cost>> {
  const live = (number: number): string => `live-${(number * 7919) % size}`;
  const write = { expectedToken: "first", nextToken: "second", payload: PAYLOAD };
  return {
    create: await timed((number) => create(store, `new-${number}`, size + number)),
    read: await timed((number) => store.read(live(number), NOW)),
    write: await timed((number) => store.write(`new-${number}`, write, NOW)),
    cancel: await timed((number) => store.cancel(`new-${number}`, NOW)),
  };
}

const store = await openStore(url, console.warn);
const creating: number[] = [];
let filled = 0;
for (const size of sizes.split(",").map(Number)) {
  await fill(store, filled, size);
  filled = size;
  const rounds: Record<Operation, Cost>[] = [];
  // The first one warms up.
  for (let count = 0; count <= ROUNDS; count += 1) rounds.push(await round(store, size));
  const best = (operation: Operation): Cost =>
    rounds
      .slice(1)
      .map((costs) => costs[operation])
      .reduce((one, other) => (other.median < one.median ? other : one));
  const cell = (operation: Operation): string => {
    const { median, p99 } = best(operation);
    return `${operation} ${median.toFixed(1)} (p99 ${p99.toFixed(1)})`;
  };
  creating.push(best("create").median);
  console.log(
    `${String(size).padStart(9)} live, µs: ${(["create", "read", "write", "cancel"] as const).map(cell).join(", ")}`,
  );
}
console.log(`creating with most, against with least: ${((creating.at(-1) ?? 0) / (creating[0] ?? 1)).toFixed(2)}`);
while ((await store.sweep(EXPIRES_AT + 1)) > 0);
await store.close();
