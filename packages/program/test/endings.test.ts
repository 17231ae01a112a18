import assert from "node:assert/strict";
import { memoryStore, type NewSession, type RendezvousStore, StoreUnavailableError } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { Endings } from "../src/ops/endings.ts";
import { measuredStore } from "../src/ops/measured.ts";
import { Metrics } from "../src/ops/metrics.ts";

const START = 1_800_000_000_000;
const LIFETIME_MS = 300_000;
const ADMISSION = {
  owner: "network:192.0.2.1",
  maxSessions: 100,
  maxSessionsPerOwner: 100,
  whenFull: "reject",
} as const;
const NEVER = new AbortController().signal;

const payload = new Uint8Array();

/** A replica on a store, in a time of its own. */
class Replica {
  readonly store: RendezvousStore;
  readonly #metrics = new Metrics(100);
  readonly #endings: Endings;
  now: number = START;

  constructor(shared: RendezvousStore) {
    this.#endings = new Endings(shared, this.#metrics, () => this.now);
    this.store = measuredStore(shared, this.#metrics, this.#endings, () => this.now);
  }

  async create(id: string): Promise<void> {
    const session: NewSession = { payload, sequenceToken: `${id}-1`, expiresAt: this.now + LIFETIME_MS };
    assert.equal((await this.store.create(id, session, ADMISSION, this.now)).type, "created");
  }

  async write(id: string, expectedToken: string, nextToken: string): Promise<void> {
    const outcome = await this.store.write(id, { expectedToken, nextToken, payload }, this.now);
    assert.equal(outcome.type, "written");
  }

  look(): Promise<void> {
    return this.#endings.look(NEVER);
  }

  /** The line of the metrics page. */
  async sessions(): Promise<string | undefined> {
    const page = await this.#metrics.registry.metrics();
    return page.split("\n").find((line) => line.startsWith("rendezvous_sessions "));
  }

  async expired(): Promise<Record<string, number>> {
    const { values } = await this.#metrics.expired.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.read, value]));
  }
}

test("a session that expires is counted by whether anybody wrote to it; one that is cancelled is not", async () => {
  const replica = new Replica(memoryStore());
  for (const id of ["waited for", "written to", "cancelled", "live"]) {
    await replica.create(id);
    if (id === "cancelled") replica.now += 3_000;
  }
  // Whoever waits reads all the time.
  for (let reads = 0; reads < 3; reads += 1) await replica.store.read("waited for", replica.now);
  await replica.write("written to", "written to-1", "written to-2");
  await replica.store.cancel("cancelled", replica.now);
  replica.now = START + LIFETIME_MS - 2_001;
  await replica.look();
  assert.deepEqual(await replica.expired(), { yes: 0, no: 0, unknown: 0 });
  replica.now = START + LIFETIME_MS - 2_000;
  for (let looks = 0; looks < 2; looks += 1) await replica.look();
  assert.deepEqual(await replica.expired(), { yes: 1, no: 1, unknown: 0 });
});

test("what has expired is no session any more, though nobody has swept", async () => {
  const replica = new Replica(memoryStore());
  await replica.create("one");
  assert.equal(await replica.sessions(), "rendezvous_sessions 1");
  replica.now += LIFETIME_MS;
  assert.equal(await replica.sessions(), "rendezvous_sessions 0");
});

test("what devices do at another replica counts, and each session is counted once", async () => {
  const shared = memoryStore();
  const [one, other] = [new Replica(shared), new Replica(shared)];
  for (const id of ["waited for", "written to", "cancelled"]) await one.create(id);
  await other.write("written to", "written to-1", "written to-2");
  await other.store.cancel("cancelled", START);
  for (const replica of [one, other]) {
    replica.now = START + LIFETIME_MS - 1_000;
    await replica.look();
  }
  assert.deepEqual(await one.expired(), { yes: 1, no: 1, unknown: 0 });
  assert.deepEqual(await other.expired(), { yes: 0, no: 0, unknown: 0 });
});

test("what cannot be told is unknown: the store is away, or it is too late", async () => {
  const shared = memoryStore();
  let isAway = false;
  const replica = new Replica({
    ...shared,
    create: (...args) => shared.create(...args),
    read: async (id, now) => {
      if (isAway) throw new StoreUnavailableError("away");
      return shared.read(id, now);
    },
  });
  await replica.create("asked for in vain");
  replica.now = START + LIFETIME_MS - 1_000;
  isAway = true;
  await replica.look();
  assert.deepEqual(await replica.expired(), { yes: 0, no: 0, unknown: 1 });
  isAway = false;
  await replica.create("looked at too late");
  replica.now += LIFETIME_MS;
  await replica.look();
  assert.deepEqual(await replica.expired(), { yes: 0, no: 0, unknown: 2 });
});
