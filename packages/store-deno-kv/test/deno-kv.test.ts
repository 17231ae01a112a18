import assert from "node:assert/strict";
import { createServer } from "node:net";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { MAX_PAYLOAD_BYTES, MAX_TRANSACTIONS, StoreUnavailableError } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { denoKvStore, type Kv, type KvKey, openDenoKvStore } from "../src/index.ts";
import { withFile } from "./file.ts";

declare const Deno: { openKv(path: string): Promise<Kv> };

const SESSION = { payload: new Uint8Array([1]), sequenceToken: "first", expiresAt: 1000 };
const ADMISSION = { owner: "alice", maxSessions: 10, maxSessionsPerOwner: 10, whenFull: "reject" } as const;

async function keysOf(kv: Kv): Promise<readonly KvKey[]> {
  const keys: KvKey[] = [];
  for await (const { key } of kv.list({ prefix: [] })) keys.push(key);
  return keys;
}

test("a Deno KV that was given is left open, and what else is in it untouched", async () => {
  const kv = await Deno.openKv(":memory:");
  await kv.atomic().set(["theirs"], 1).commit();
  const store = denoKvStore(kv);
  await store.create("id", SESSION, ADMISSION, 0);
  await store.create("other", SESSION, ADMISSION, 0);
  await store.cancel("other", 0);
  assert.equal(await store.sweep(1000), 1);
  await store.close();
  // One key for each of 16 counters, and what Deno KV removes by itself: one key for an owner.
  const left = (await keysOf(kv)).filter(([first, kind]) => first !== "theirs" && kind !== "counter");
  assert.deepEqual(left, [["matrix_rendezvous", "owned", "alice"]]);
  assert.equal((await kv.get(["theirs"])).value, 1);
  kv.close();
});

test("the largest session fits", async () => {
  const store = denoKvStore(await Deno.openKv(":memory:"));
  const payload = new Uint8Array(MAX_PAYLOAD_BYTES).fill(255);
  const long = "\u{1f701}".repeat(127);
  await store.create(
    "id",
    { ...SESSION, payload, sequenceToken: "0".repeat(255) },
    { ...ADMISSION, owner: "é".repeat(512) },
    0,
  );
  let expectedToken = "0".repeat(255);
  for (let count = 0; count < MAX_TRANSACTIONS; count += 1) {
    const nextToken = `${count}`.padStart(255, "x");
    const write = { expectedToken, nextToken, payload, transactionId: `${count.toString(16)}${long}` };
    assert.equal((await store.write("id", write, 0)).type, "written");
    expectedToken = nextToken;
  }
  const read = await store.read("id", 0);
  assert.equal(read.type === "found" && read.session.transactions.length, MAX_TRANSACTIONS);
});

test("Deno KV removes by itself what nobody swept, an hour after the session's end at the earliest", async () => {
  await withFile(async (path) => {
    const before = Date.now();
    const store = await openDenoKvStore(path);
    await store.create("id", { ...SESSION, expiresAt: 300_000 }, ADMISSION, 0);
    await store.write("id", { expectedToken: "first", nextToken: "second", payload: new Uint8Array(1) }, 100_000);
    await store.close();
    const database = new DatabaseSync(path);
    const rows = database.prepare("select expiration_ms from kv where expiration_ms >= 0").all();
    database.close();
    assert.equal(rows.length, 2);
    for (const { expiration_ms } of rows) {
      const leftMs = Number(expiration_ms) - before;
      assert.ok(leftMs >= 3_800_000 && leftMs < 4_000_000, `${leftMs} ms`);
    }
  });
});

test("while another process holds the file, every operation says so in time, and after it works again", async () => {
  await withFile(async (path) => {
    const store = await openDenoKvStore(path, { timeoutMs: 500 });
    await store.create("id", SESSION, ADMISSION, 0);
    const holder = new DatabaseSync(path);
    holder.exec("begin immediate");
    const write = { expectedToken: "first", nextToken: "second", payload: new Uint8Array(1) };
    const started = performance.now();
    await Promise.all([
      assert.rejects(store.create("other", SESSION, ADMISSION, 0), StoreUnavailableError),
      assert.rejects(store.write("id", write, 0), StoreUnavailableError),
      assert.rejects(store.cancel("id", 0), StoreUnavailableError),
      assert.rejects(store.sweep(2000), StoreUnavailableError),
    ]);
    assert.ok(performance.now() - started < 1500);
    assert.equal((await store.read("id", 0)).type, "found");
    holder.exec("rollback");
    holder.close();
    assert.equal((await store.write("id", write, 0)).type, "written");
    await store.close();
  });
});

test("a place that cannot be used is named at the start, with the reason, in time", async () => {
  await assert.rejects(
    openDenoKvStore("/nowhere/kv.db"),
    /Deno KV at \/nowhere\/kv\.db cannot be used: .*unable to open/,
  );
  process.env["DENO_KV_ACCESS_TOKEN"] = "swordfish";
  const silent = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => silent.once("listening", resolve));
  const address = silent.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  const opening = openDenoKvStore(url, { timeoutMs: 200 });
  await assert.rejects(opening, new RegExp(`Deno KV at ${url} cannot be used: .*no answer within 200 ms`));
  silent.close();
});

test("options out of their bounds are refused", async () => {
  for (const timeoutMs of [99, 0.5, Number.NaN]) {
    await assert.rejects(openDenoKvStore(":memory:", { timeoutMs }), RangeError);
  }
  for (const pollMs of [-1, 0.5, Number.NaN]) {
    await assert.rejects(openDenoKvStore(":memory:", { pollMs }), RangeError);
  }
});
