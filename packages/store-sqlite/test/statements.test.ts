import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MAX_PAYLOAD_BYTES } from "@matrix-rendezvous/core";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { textOf } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import { SCHEMA } from "../src/schema.ts";
import { SQL } from "../src/statements.ts";
import { inFolder } from "./sandbox.ts";

const NOW = 1_700_000_000_000;
const OPEN = {
  maxSessions: Number.POSITIVE_INFINITY,
  maxSessionsPerOwner: Number.POSITIVE_INFINITY,
  whenFull: "reject",
} as const;

for (const [name, sql] of Object.entries(SQL)) {
  test(`the statement ${name} goes down an index, whatever the table's size`, () => {
    const db = new DatabaseSync(":memory:");
    db.exec(SCHEMA);
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all()
      .map(({ detail }) => String(detail));
    for (const step of plan) assert.match(step, /^(SEARCH .* USING |LIST SUBQUERY|CREATE BLOOM FILTER$)/);
    const program = db
      .prepare(`EXPLAIN ${sql}`)
      .all()
      .map(({ opcode }) => opcode);
    assert.ok(!program.includes("SorterSort"), "nothing may be sorted");
    db.close();
  });
}

test("any payload comes back byte for byte", () =>
  inFolder(async (folder) => {
    const store = await openSqliteStore(join(folder, "sessions.db"));
    const payload = fc.uint8Array({ maxLength: MAX_PAYLOAD_BYTES, size: "max" });
    let count = 0;
    const comesBack = fc.asyncProperty(payload, payload, async (first, second) => {
      const id = `${count++}`;
      await store.create(id, { payload: first, sequenceToken: "one", expiresAt: NOW + 1 }, { ...OPEN, owner: id }, NOW);
      const read = async (): Promise<string> => {
        const found = await store.read(id, NOW);
        assert.equal(found.type, "found");
        return textOf(found.session.payload);
      };
      assert.equal(await read(), textOf(first));
      await store.write(id, { expectedToken: "one", nextToken: "two", payload: second }, NOW);
      assert.equal(await read(), textOf(second));
    });
    await fc.assert(comesBack, { numRuns: 300 });
    await store.close();
  }));

test("the counts are those of the rows, whatever was done", () =>
  inFolder(async (folder) => {
    const path = join(folder, "sessions.db");
    const store = await openSqliteStore(path);
    const db = new DatabaseSync(path);
    const step = fc.record({
      id: fc.nat(30).map(String),
      owner: fc.constantFrom("a", "b", "c", "d"),
      lifetimeMs: fc.integer({ min: 1, max: 20 }),
      passMs: fc.nat(5),
      what: fc.constantFrom("reject", "evict-oldest", "reject", "cancel", "sweep"),
      maxSessions: fc.integer({ min: 1, max: 12 }),
      maxSessionsPerOwner: fc.integer({ min: 1, max: 6 }),
    });
    let now = NOW;
    const counted = fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      for (const { id, lifetimeMs, passMs, what, ...admission } of steps) {
        now += passMs;
        const session = { payload: new Uint8Array(1), sequenceToken: "one", expiresAt: now + lifetimeMs };
        if (what === "cancel") await store.cancel(id, now);
        else if (what === "sweep") await store.sweep(now);
        else await store.create(id, session, { ...admission, whenFull: what }, now);
      }
      const counts = db.prepare("SELECT owner, sessions FROM counts WHERE owner <> '' ORDER BY owner").all();
      assert.deepEqual(counts, db.prepare("SELECT owner, count(*) AS sessions FROM sessions GROUP BY owner").all());
      const { sessions } = await store.stats();
      assert.equal(sessions, db.prepare("SELECT count(*) AS sessions FROM sessions").get()?.["sessions"]);
    });
    await fc.assert(counted, { numRuns: 50 });
    db.close();
    await store.close();
  }));

test("the log is moved into the file again and again, and the file does not grow with what was overwritten", () =>
  inFolder(async (folder) => {
    const path = join(folder, "sessions.db");
    const store = await openSqliteStore(path);
    const payload = new Uint8Array(MAX_PAYLOAD_BYTES);
    await store.create("id", { payload, sequenceToken: "0", expiresAt: NOW + 1 }, { ...OPEN, owner: "me" }, NOW);
    for (let write = 0; write < 6000; write += 1) {
      await store.write("id", { expectedToken: `${write}`, nextToken: `${write + 1}`, payload }, NOW);
      // A read that stayed open would keep the log from ever being moved.
      if (write % 100 === 0) await store.read("id", NOW);
    }
    const [file, log] = [statSync(path).size, statSync(`${path}-wal`).size];
    assert.ok(file < 200_000 && log < 20_000_000, `${file} and ${log} bytes`);
    await store.close();
  }));
