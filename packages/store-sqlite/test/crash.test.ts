import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { textOf } from "@matrix-rendezvous/testkit";
import { type Runtime, runtime, test } from "@matrix-rendezvous/testkit/runner";
import { Child, RUNTIMES } from "./child.ts";
import type { Line } from "./programs/writer.ts";
import { NOW, payloadOf } from "./programs/written.ts";
import { inFolder } from "./sandbox.ts";

/** How often a writing process is killed, in all: rounded up to rounds of 10 kills on each runtime. */
const CRASHES = Number(process.env["CRASHES"] ?? 30);
const KILLS = 10;
/** The most that a process may say before it is killed. */
const MOST_LINES = 600;

/** The tokens that a session may have now, `null` where there may be no session: the acknowledged, or the one asked for. */
type Expected = Map<string, readonly (string | null)[]>;

// Starts processes of all three runtimes itself: once is enough.
if (runtime === "node") {
  for (let round = 1; round <= Math.ceil(CRASHES / KILLS / RUNTIMES.length); round += 1) {
    for (const each of RUNTIMES) {
      test(`what is acknowledged on ${each} outlives ${KILLS} kills, and nothing else changes (round ${round})`, () =>
        inFolder((folder) => crash(each, join(folder, "sessions.db"))));
    }
  }
}

async function crash(runtime: Runtime, path: string): Promise<void> {
  const expected: Expected = new Map();
  let [acknowledged, interrupted] = [0, 0];
  for (let life = 0; life < KILLS; life += 1) {
    for (const line of await linesUntilKilled(runtime, path, `${life}`)) {
      acknowledged += line.acknowledged ? 1 : 0;
      note(expected, line);
    }
    interrupted += [...expected.values()].filter(({ length }) => length > 1).length;
    await compare(expected, path);
  }
  // Otherwise nobody was killed at work, and nothing was tested.
  assert.ok(acknowledged > KILLS && interrupted > KILLS, `${acknowledged} acknowledged, ${interrupted} interrupted`);
}

async function linesUntilKilled(runtime: Runtime, path: string, life: string): Promise<Line[]> {
  const child = await Child.start(runtime, "writer.ts", [path, life]);
  const lines: string[] = [];
  for (let left = Math.floor(Math.random() * MOST_LINES); left > 0; left -= 1) {
    const { value, done } = await child.lines.next();
    assert.ok(!done, "the writer must not end by itself");
    lines.push(value);
  }
  lines.push(...(await child.kill()));
  return lines.map((line) => JSON.parse(line));
}

function note(expected: Expected, { id, token, acknowledged }: Line): void {
  const [before = null] = expected.get(id) ?? [];
  expected.set(id, acknowledged ? [token] : [before, token]);
}

/** Compares what is stored with what may be, and then expects what was found. */
async function compare(expected: Expected, path: string): Promise<void> {
  const store = await openSqliteStore(path);
  for (const [id, tokens] of expected) {
    const token = await tokenOf(store, id);
    assert.ok(tokens.includes(token), `${id} has ${token}, not ${tokens.join(" or ")}`);
    expected.set(id, [token]);
  }
  const live = [...expected].flatMap(([id, [token]]) => (token === null ? [] : [id]));
  assert.deepEqual(await store.stats(), { sessions: live.length });
  await store.close();
  const db = new DatabaseSync(path);
  assert.deepEqual(
    new Set(
      db
        .prepare("SELECT id FROM sessions")
        .all()
        .map(({ id }) => id),
    ),
    new Set(live),
  );
  assert.equal(db.prepare("PRAGMA integrity_check").get()?.["integrity_check"], "ok");
  db.close();
}

async function tokenOf(store: RendezvousStore, id: string): Promise<string | null> {
  const found = await store.read(id, NOW);
  if (found.type === "absent") return null;
  const { sequenceToken, payload } = found.session;
  assert.equal(textOf(payload), textOf(payloadOf(sequenceToken)));
  return sequenceToken;
}
