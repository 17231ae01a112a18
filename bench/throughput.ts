/**
 * Acknowledged writes and reads per second of stores in one process, which 32 clients ask at once, each about a session
 * of its own: in interleaved rounds, against the first store. All have to be empty.
 *
 * `node bench/throughput.ts memory: STORE-URL…`, or with bun, or deno run -A.
 */
import process from "node:process";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { openStore } from "../packages/program/src/stores.ts";

const CLIENTS = 32;
const ROUNDS = 3;
const ROUND_MS = 3000;
const PAYLOAD: Uint8Array = crypto.getRandomValues(new Uint8Array(600));
const LIFETIME_MS = 300_000;

const targets = await Promise.all(process.argv.slice(2).map(prepare));
for (const { store } of targets) await perSecond((id) => tokenOf(store, id), ROUND_MS / 3);
for (let round = 0; round < ROUNDS; round += 1) {
  for (const { store, writes, reads } of targets) {
    writes.push(await perSecond(writer(store), ROUND_MS));
    reads.push(await perSecond((id) => tokenOf(store, id), ROUND_MS));
  }
}
console.log(`acknowledged a second with ${CLIENTS} clients, median of ${ROUNDS} rounds of ${ROUND_MS} ms`);
const [first] = targets;
for (const { name, writes, reads } of targets) {
  const columns = [writes, reads].map((rates, index) => {
    const rate = median(rates);
    const ratio = rate / median((index === 0 ? first?.writes : first?.reads) ?? []);
    return `${index === 0 ? "writes" : "reads"} ${rate.toFixed(0).padStart(8)} (${ratio.toFixed(3)})`;
  });
  console.log(`  ${name.padEnd(14)}${columns.join("   ")}`);
}
for (const { store } of targets) await store.close();

interface Target {
  readonly name: string;
  readonly store: RendezvousStore;
  readonly writes: number[];
  readonly reads: number[];
}

async function prepare(url: string): Promise<Target> {
  const store = await openStore(url, console.warn);
  for (let client = 0; client < CLIENTS; client += 1) await create(store, idOf(client));
  return { name: url.slice(0, url.indexOf(":")), store, writes: [], reads: [] };
}

async function create(store: RendezvousStore, id: string): Promise<void> {
  const now = Date.now();
  const session = { sequenceToken: "first", payload: PAYLOAD, expiresAt: now + LIFETIME_MS };
  const { type } = await store.create(
    id,
    session,
    { owner: id, maxSessions: 10_000, maxSessionsPerOwner: 20, whenFull: "reject" },
    now,
  );
  if (type !== "created") throw new Error(`a creation was answered ${type}`);
}

function idOf(client: number): string {
  return `client-${client}`;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Writes to the session of an ID, each time under the token of the last time. */
function writer(store: RendezvousStore): (id: string) => Promise<void> {
  const known = new Map<string, string>();
  return async (id) => {
    const write = {
      expectedToken: known.get(id) ?? (await tokenOf(store, id)),
      nextToken: crypto.randomUUID(),
      payload: PAYLOAD,
    };
    const { type } = await store.write(id, write, Date.now());
    if (type !== "written") throw new Error(`a write was answered ${type}`);
    known.set(id, write.nextToken);
  };
}

async function tokenOf(store: RendezvousStore, id: string): Promise<string> {
  const read = await store.read(id, Date.now());
  if (read.type !== "found") throw new Error(`a read was answered ${read.type}`);
  return read.session.sequenceToken;
}

async function perSecond(ask: (id: string) => Promise<unknown>, ms: number): Promise<number> {
  const begun = performance.now();
  let answers = 0;
  const client = async (_: unknown, index: number): Promise<void> => {
    const id = idOf(index);
    while (performance.now() - begun < ms) {
      await ask(id);
      answers += 1;
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return (answers * 1000) / (performance.now() - begun);
}
