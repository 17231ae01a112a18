import assert from "node:assert/strict";
import { join } from "node:path";
import type { Admission, RendezvousStore } from "@matrix-rendezvous/core";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { test } from "@matrix-rendezvous/testkit/runner";
import { inFolder } from "./sandbox.ts";

const NOW = 1_700_000_000_000;

/** Ends a test whose watch nothing wakes. In milliseconds. */
const GIVE_UP_AFTER_MS = 20_000;

test("an eviction by the store's own creation wakes a watch that has waited for a while", () =>
  inFolder(async (folder) => {
    const path = join(folder, "sessions.db");
    const [store, other] = [await openSqliteStore(path), await openSqliteStore(path)];
    await create(store, "first", 9);
    await create(store, "second", 9);
    const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
    const watching = store.watch?.("first", "0", signal);
    // Each of these takes a look at what the other handle did: the first one, which wakes everybody, is then long past.
    for (let write = 0; write < 3; write += 1) {
      const seen = store.watch?.("second", `${write}`, signal);
      const next = { expectedToken: `${write}`, nextToken: `${write + 1}`, payload: new Uint8Array() };
      await other.write("second", next, NOW);
      await seen;
    }
    await create(store, "third", 2);
    await watching;
    assert.deepEqual(await store.read("first", NOW), { type: "absent" });
    assert.ok(!signal.aborted, "nothing woke the watch");
    await Promise.all([store.close(), other.close()]);
  }));

test("closing ends every watch", () =>
  inFolder(async (folder) => {
    const store = await openSqliteStore(join(folder, "sessions.db"));
    await create(store, "id", 9);
    const signal = AbortSignal.timeout(GIVE_UP_AFTER_MS);
    const watching = store.watch?.("id", "0", signal);
    await store.stats();
    await store.close();
    await watching;
    assert.ok(!signal.aborted, "the watch went on");
  }));

async function create(store: RendezvousStore, id: string, maxSessions: number): Promise<void> {
  const admission: Admission = { owner: "me", maxSessions, maxSessionsPerOwner: 9, whenFull: "evict-oldest" };
  const session = { payload: new Uint8Array(1), sequenceToken: "0", expiresAt: NOW + 60_000 };
  assert.deepEqual(await store.create(id, session, admission, NOW), { type: "created" });
}
