import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { test } from "@matrix-rendezvous/testkit/runner";
import { inFolder } from "./sandbox.ts";

test("the file and its folders are made, for their owner alone", () =>
  inFolder(async (folder) => {
    const path = join(folder, "new", "and deeper%20?#", "sessions.db");
    const store = await openSqliteStore(path);
    await store.sweep(0);
    const modes = [join(folder, "new"), join(path, ".."), path, `${path}-wal`].map(
      (each) => statSync(each).mode & 0o777,
    );
    assert.deepEqual(modes, [0o700, 0o700, 0o600, 0o600]);
    await store.close();
    assert.deepEqual(readdirSync(join(path, "..")), ["sessions.db"]);
  }));

test("an empty file becomes a store, and a path that looks special to SQLite is a path", () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "empty"), "");
    for (const name of ["empty", ":memory:", "file:x?mode=memory"]) {
      const path = join(folder, name);
      await (await openSqliteStore(path)).close();
      await (await openSqliteStore(path)).close();
      assert.ok(statSync(path).size > 0);
    }
  }));

test("the file says whose it is, and of which schema", () =>
  inFolder(async (folder) => {
    const path = join(folder, "sessions.db");
    await (await openSqliteStore(path)).close();
    const header = readFileSync(path);
    assert.equal(header.toString("latin1", 68, 72), "MRzv");
    assert.equal(header.readUInt32BE(60), 1);
  }));

/** What is wrong with a file, how to make one, and what the error must say. */
const REFUSED: readonly (readonly [what: string, make: (path: string) => void | Promise<void>, says: RegExp])[] = [
  ["text", (path) => writeFileSync(path, "not a database at all\n".repeat(400)), /: it is not an SQLite database$/],
  ["a few bytes", (path) => writeFileSync(path, "SQL"), /: it is not an SQLite database$/],
  ["the database of another application", (path) => another(path, "DELETE"), /: it is the database of another app/],
  ["another application's, with a log", (path) => withItsLog(path), /: it is the database of another application$/],
  ["a database without tables", (path) => alter(path, "VACUUM"), /: it is the database of another application$/],
  ["a newer schema", (path) => newer(path), /: a newer version of this program made it \(its schema is 2, this /],
  ["a folder", (path) => void mkdirSync(path), /: it is not a file$/],
];

for (const [what, make, says] of REFUSED) {
  test(`${what} is refused, and left byte for byte as it was`, () =>
    inFolder(async (folder) => {
      const path = join(folder, "sessions.db");
      await make(path);
      const before = contents(folder);
      await assert.rejects(openSqliteStore(path), (error: Error) => {
        assert.match(error.message, says);
        assert.ok(error.message.startsWith(path), error.message);
        return true;
      });
      assert.deepEqual(contents(folder), before);
    }));
}

test("a folder that cannot be made is named, with the reason", () =>
  inFolder(async (folder) => {
    writeFileSync(join(folder, "file"), "");
    for (const path of [join(folder, "file", "sessions.db"), join(folder, "file", "deeper", "sessions.db")]) {
      await assert.rejects(openSqliteStore(path), {
        message: /sessions\.db cannot be used .*: its folder is not a folder$/,
      });
    }
  }));

test("options out of their bounds are refused", async () => {
  for (const busyTimeoutMs of [-1, Number.NaN]) {
    await assert.rejects(openSqliteStore("unused.db", { busyTimeoutMs }), RangeError);
  }
});

function alter(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

function another(path: string, mode: "DELETE" | "WAL"): void {
  alter(path, `PRAGMA journal_mode = ${mode}; CREATE TABLE sessions (id); INSERT INTO sessions VALUES ('theirs')`);
}

/** As another application leaves it when it is killed: an ordinary connection would empty the log into the file. */
function withItsLog(path: string): void {
  another(`${path}-theirs`, "WAL");
  const db = new DatabaseSync(`${path}-theirs`);
  db.exec("INSERT INTO sessions VALUES ('in the log')");
  for (const suffix of ["", "-wal"]) copyFileSync(`${path}-theirs${suffix}`, `${path}${suffix}`);
  db.close();
}

async function newer(path: string): Promise<void> {
  await (await openSqliteStore(path)).close();
  alter(path, "PRAGMA user_version = 2");
}

/** Every file of a folder: its bytes and when it was changed. */
function contents(folder: string): unknown {
  return readdirSync(folder).map((name) => {
    const file = join(folder, name);
    const found = statSync(file);
    return [name, found.mtimeMs, found.isDirectory() ? "" : readFileSync(file, "latin1")];
  });
}
