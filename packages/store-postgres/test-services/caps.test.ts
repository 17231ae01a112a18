import assert from "node:assert/strict";
import type { Admission, RendezvousStore } from "@matrix-rendezvous/core";
import { runtime, test } from "@matrix-rendezvous/testkit/runner";
import type pg from "pg";
import { openPostgresStore } from "../src/index.ts";
import { freshSchema, HASTY_URL, withClient } from "./server.ts";

const POOLS = 4;
const CALLERS_PER_POOL = 8;
/** How many sessions each caller creates. */
const CREATIONS = 60;
/** Of how many sessions they know; the others are there until somebody has no place. */
const KNOWN = 20;

async function inFreshSchema(body: (schema: string) => Promise<void>): Promise<void> {
  const schema = freshSchema();
  try {
    await body(schema);
  } finally {
    await withClient((client) => client.query(`drop schema ${schema} cascade`));
  }
}

/** Callers of several pools who do all that they can, at random, to one another's sessions; every call must be answered. */
class Crowd {
  /** The time of all, in steps; sessions live for some of them. */
  now = 0;
  over = false;
  readonly answers: Record<string, number> = {};
  readonly #caps: Omit<Admission, "owner">;
  readonly #owners: number;
  readonly #known: { readonly id: string; readonly sequenceToken: string }[] = [];
  #made = 0;

  constructor(caps: Omit<Admission, "owner">, owners: number) {
    this.#caps = caps;
    this.#owners = owners;
  }

  async call(store: RendezvousStore): Promise<void> {
    for (let count = 0; count < CREATIONS; count += 1) {
      await this.#create(store);
      await this.#disturb(store);
    }
  }

  async #create(store: RendezvousStore): Promise<void> {
    this.now += 1;
    this.#made += 1;
    const id = `id-${this.#made}`;
    const sequenceToken = `${id}-0`;
    const session = { payload: new Uint8Array(600), sequenceToken, expiresAt: this.now + below(60) + 1 };
    const { type } = await store.create(
      id,
      session,
      { ...this.#caps, owner: `owner-${below(this.#owners)}` },
      this.now,
    );
    this.#count(`create ${type}`);
    assert.ok(type === "created" || (type === "full" && this.#caps.whenFull === "reject"), `a creation was ${type}`);
    if (type === "created") this.#known[below(Math.min(this.#caps.maxSessions, KNOWN))] = { id, sequenceToken };
  }

  async #disturb(store: RendezvousStore): Promise<void> {
    const known = this.#known[below(this.#known.length)];
    const chance = below(10);
    if (chance === 0) await store.sweep(this.now);
    if (known === undefined) return;
    const write = { expectedToken: known.sequenceToken, nextToken: `${known.id}-1`, payload: new Uint8Array(600) };
    if (chance < 6) this.#count(`write ${(await store.write(known.id, write, this.now)).type}`);
    if (chance > 3) this.#count(`cancel ${(await store.cancel(known.id, this.now)).type}`);
  }

  #count(answer: string): void {
    this.answers[answer] = (this.answers[answer] ?? 0) + 1;
  }

  /** Looks, until it is over, whether the caps hold at each moment, and the counters are right. */
  async guard(client: pg.Client, schema: string): Promise<void> {
    const { maxSessions, maxSessionsPerOwner } = this.#caps;
    while (!this.over) {
      const { rows } = await client.query(`select (select sum(sessions)::int from ${schema}.counters) counted,
        array(select owner from ${schema}.sessions) owners, array(select expires_at from ${schema}.sessions) ends`);
      const { counted, owners, ends } = rows[0];
      assert.equal(counted, owners.length);
      assert.ok(counted <= maxSessions, `${counted} sessions`);
      const live = owners.filter((_: string, index: number) => ends[index] > this.now);
      const owned = Map.groupBy<string, string>(live, (owner) => owner);
      for (const [owner, { length }] of owned) assert.ok(length <= maxSessionsPerOwner, `${length} of ${owner}`);
    }
  }
}

function below(count: number): number {
  return Math.floor(Math.random() * count);
}

/** What the counters say, and what there is. */
const COUNTERS = (schema: string) => `select counter, sessions::int counted, (select count(*)::int
  from ${schema}.sessions s where s.counter = c.counter) sessions from ${schema}.counters c`;

async function letLoose(crowd: Crowd, schema: string): Promise<void> {
  // Were callers to wait for each other, PostgreSQL would notice after a second, and the call would fail.
  const options = { schema, maxConnections: CALLERS_PER_POOL, timeoutMs: 30_000 };
  const stores = await Promise.all(Array.from({ length: POOLS }, () => openPostgresStore(HASTY_URL, options)));
  const calls = stores.flatMap((store) => Array.from({ length: CALLERS_PER_POOL }, () => crowd.call(store)));
  const outcomes = Promise.allSettled(calls).finally(() => {
    crowd.over = true;
  });
  await withClient((client) => crowd.guard(client, schema));
  const failed = (await outcomes).flatMap((outcome) => (outcome.status === "rejected" ? [String(outcome.reason)] : []));
  await Promise.all(stores.map((store) => store.close()));
  console.log(`${runtime}: ${JSON.stringify(crowd.answers)}, ${failed.length} of ${calls.length} callers failed`);
  assert.deepEqual(failed, []);
  const { rows } = await withClient((client) => client.query(COUNTERS(schema)));
  for (const { counter, counted, sessions } of rows) assert.equal(counted, sessions, `counter ${counter}`);
}

// Where the total is met, where the owners' shares are, where both are, and where nothing else has a place.
const CROWDS = [
  { maxSessions: 5, maxSessionsPerOwner: 3, owners: 15 },
  { maxSessions: 1000, maxSessionsPerOwner: 3, owners: 6 },
  { maxSessions: 60, maxSessionsPerOwner: 2, owners: 40 },
  { maxSessions: 1, maxSessionsPerOwner: 1, owners: 3 },
];

for (const whenFull of ["reject", "evict-oldest"] as const) {
  for (const { owners, ...caps } of CROWDS) {
    const at = `${caps.maxSessions} places, ${caps.maxSessionsPerOwner} for each of ${owners} owners`;
    test(`a crowd never exceeds a cap, and every call is answered: ${whenFull}, ${at}`, async () => {
      await inFreshSchema((schema) => letLoose(new Crowd({ ...caps, whenFull }, owners), schema));
    });
  }
}

test("the counters are right after rows were removed by hand", async () => {
  await inFreshSchema(async (schema) => {
    const store = await openPostgresStore(HASTY_URL, { schema });
    const admission = { owner: "alice", maxSessions: 20, maxSessionsPerOwner: 20, whenFull: "reject" } as const;
    const fill = async () => {
      for (let count = 0; count < 20; count += 1) {
        const session = { payload: new Uint8Array(), sequenceToken: "token", expiresAt: 1000 };
        assert.equal((await store.create(`id-${count}`, session, admission, 0)).type, "created");
      }
    };
    await fill();
    await withClient((client) => client.query(`delete from ${schema}.sessions`));
    await fill();
    await withClient((client) => client.query(`truncate ${schema}.sessions`));
    await fill();
    assert.deepEqual(await store.stats(), { sessions: 20 });
    await store.close();
  });
});
