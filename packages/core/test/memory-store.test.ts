import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { memoryUnderTest, storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";

storeTests(test, memoryUnderTest);

test("memory store: what has expired goes as others are created, though nothing ever sweeps", async () => {
  const store = memoryStore();
  const admission = {
    owner: "alice",
    maxSessions: Infinity,
    maxSessionsPerOwner: Infinity,
    whenFull: "reject",
  } as const;
  const create = (id: string, now: number) =>
    store.create(id, { payload: new Uint8Array(), sequenceToken: "token", expiresAt: now + 1 }, admission, now);
  for (let count = 0; count < 100; count += 1) await create(`old-${count}`, 0);
  for (let count = 0; count < 50; count += 1) await create(`new-${count}`, 1);
  assert.deepEqual(await store.stats(), { sessions: 50 });
});
