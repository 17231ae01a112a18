import assert from "node:assert/strict";
import type { Admission, RendezvousStore } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openPostgresStore } from "../src/index.ts";
import { freshSchema, HASTY_URL, withClient } from "./server.ts";

const CALLERS = 32;
const CALLS = 100;

async function inFreshSchema(body: (schema: string) => Promise<void>): Promise<void> {
  const schema = freshSchema();
  try {
    await body(schema);
  } finally {
    await withClient((client) => client.query(`drop schema ${schema} cascade`));
  }
}

/** Creates, cancels and sweeps at random; every call must be answered. */
async function crowd(store: RendezvousStore, caller: number, caps: Omit<Admission, "owner">): Promise<void> {
  const session = { payload: new Uint8Array(), sequenceToken: "token", expiresAt: 1000 };
  for (let call = 0; call < CALLS; call += 1) {
    const id = `id-${caller}-${call}`;
    const owner = `owner-${Math.floor(Math.random() * 15)}`;
    const { type } = await store.create(id, session, { ...caps, owner }, 0);
    if (type === "created") await store.cancel(id, 0);
    if (Math.random() < 0.1) await store.sweep(0);
  }
}

for (const whenFull of ["reject", "evict-oldest"] as const) {
  test(`a crowd at the cap never exceeds it, and nobody waits for ever (${whenFull})`, async () => {
    await inFreshSchema(async (schema) => {
      const caps = { maxSessions: 5, maxSessionsPerOwner: 3, whenFull };
      // Were they to wait for each other, they would give up after half of this.
      const options = { schema, maxConnections: CALLERS, timeoutMs: 20_000 };
      const store = await openPostgresStore(HASTY_URL, options);
      let over = false;
      const callers = Array.from({ length: CALLERS }, (_, caller) => crowd(store, caller, caps));
      const watching = withClient(async (client) => {
        while (!over) {
          const { rows } = await client.query(`select (select count(*)::int from ${schema}.sessions) sessions,
            (select sum(sessions)::int from ${schema}.counters) counted,
            (select coalesce(max(n), 0)::int from (select count(*) n from ${schema}.sessions group by owner) by_owner) owned`);
          const { sessions, counted, owned } = rows[0];
          assert.ok(sessions === counted && sessions <= 5 && owned <= 3, JSON.stringify(rows[0]));
        }
      });
      await Promise.all([watching, Promise.all(callers).finally(() => (over = true))]);
      await store.close();
    });
  });
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
