import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { type NewSession, type RendezvousStore, StoreUnavailableError } from "@matrix-rendezvous/core";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { bytesOf } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { inFolder } from "./sandbox.ts";

const NOW = 1_700_000_000_000;
const SESSION: NewSession = { payload: bytesOf("hidden payload"), sequenceToken: "one", expiresAt: NOW + 1 };

function create(store: RendezvousStore, id: string): Promise<unknown> {
  return store.create(id, SESSION, { owner: "me", maxSessions: 9, maxSessionsPerOwner: 9, whenFull: "reject" }, NOW);
}

/** A store, and another connection to its file. */
async function withBoth(body: (store: RendezvousStore, db: DatabaseSync) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    const path = join(folder, "sessions.db");
    const store = await openSqliteStore(path, { busyTimeoutMs: 30 });
    const db = new DatabaseSync(path);
    await body(store, db);
    db.close();
    await store.close();
  });
}

/** Checks that an operation fails for `reason`, and that the error tells nothing of what is stored. */
async function assertUnavailable(operation: Promise<unknown>, reason: string): Promise<void> {
  await assert.rejects(operation, (error: unknown) => {
    assert.ok(error instanceof StoreUnavailableError);
    assert.equal(error.message, `the SQLite database cannot be used: ${reason}`);
    assert.doesNotMatch(`${error.stack} ${error.cause}`, /hidden/);
    return true;
  });
}

const LOCKED = "another process keeps it locked";
const DAMAGED = "it is damaged";

test("while another process keeps the file locked, writes give up in time, reads go on, and afterwards all is well", () =>
  withBoth(async (store, db) => {
    await create(store, "hidden-id");
    db.exec("BEGIN IMMEDIATE");
    const write = { expectedToken: "one", nextToken: "two", payload: bytesOf("hidden too") };
    const [writing, cancelling] = [store.write("hidden-id", write, NOW), store.cancel("hidden-id", NOW)];
    await Promise.all([assertUnavailable(writing, LOCKED), assertUnavailable(cancelling, LOCKED)]);
    await assertUnavailable(store.sweep(NOW), LOCKED);
    assert.equal((await store.read("hidden-id", NOW)).type, "found");
    assert.deepEqual(await store.stats(), { sessions: 1 });
    db.exec("ROLLBACK");
    assert.equal((await store.write("hidden-id", write, NOW)).type, "written");
  }));

test("a write waits for the lock, and lets this process go on meanwhile", () =>
  inFolder(async (folder) => {
    const path = join(folder, "sessions.db");
    const store = await openSqliteStore(path);
    const db = new DatabaseSync(path);
    db.exec("BEGIN IMMEDIATE");
    const creating = create(store, "id");
    // It has tried in vain, at least once, by the time that a read is answered after it began.
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(await store.read("id", NOW), { type: "absent" });
    }
    db.exec("ROLLBACK");
    assert.deepEqual(await creating, { type: "created" });
    db.close();
    await store.close();
  }));

test("what is acknowledged has been committed: another connection sees it", () =>
  withBoth(async (store, db) => {
    const ids = ["a", "b", "c"];
    const seen = db.prepare("SELECT count(*) AS sessions FROM sessions WHERE id = ?");
    await Promise.all(
      ids.map((id) => create(store, id).then(() => assert.deepEqual({ ...seen.get(id) }, { sessions: 1 }))),
    );
  }));

test("a damaged row is never answered as data, and fails no other operation", () =>
  withBoth(async (store, db) => {
    const damages = [
      "transactions = '{hidden'",
      "transactions = '[{}]'",
      'transactions = \'[{"transactionId": "hidden"}]\'',
      "transactions = 'null'",
      "payload = zeroblob(4097)",
    ];
    await create(store, "whole");
    for (const [index, damage] of damages.entries()) {
      const id = `hidden-${index}`;
      await create(store, id);
      db.exec(`UPDATE sessions SET ${damage} WHERE id = '${id}'`);
      const write = { expectedToken: "one", nextToken: "two", payload: bytesOf("new") };
      const [damaged, whole] = [store.write(id, write, NOW), store.write("whole", write, NOW)];
      await assertUnavailable(damaged, DAMAGED);
      assert.equal((await whole).type, index === 0 ? "written" : "unchanged");
      await assertUnavailable(store.read(id, NOW), DAMAGED);
    }
    assert.equal((await store.read("whole", NOW)).type, "found");
  }));

test("a damaged page is never answered as data", () =>
  inFolder(async (folder) => {
    const path = join(folder, "sessions.db");
    const before = await openSqliteStore(path);
    await create(before, "hidden-id");
    await before.close();
    // The pages of the schema are left whole, so that the file still opens.
    const file = readFileSync(path);
    const at = file.lastIndexOf("hidden payload");
    file.fill(0xff, at - (at % 4096), at - (at % 4096) + 4096);
    writeFileSync(path, file);
    const store = await openSqliteStore(path);
    await assertUnavailable(store.read("hidden-id", NOW), DAMAGED);
    await assertUnavailable(store.cancel("hidden-id", NOW), DAMAGED);
    await store.close();
  }));
