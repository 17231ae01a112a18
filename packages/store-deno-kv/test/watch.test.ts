import assert from "node:assert/strict";
import { createInterface } from "node:readline";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { denoKvStore, type Kv, openDenoKvStore } from "../src/index.ts";
import { startChild } from "./child.ts";
import { withFile } from "./file.ts";

declare const Deno: { openKv(path: string): Promise<Kv> };

const SESSION = { payload: new Uint8Array([1]), sequenceToken: "first", expiresAt: 1000 };
const ADMISSION = { owner: "alice", maxSessions: 10, maxSessionsPerOwner: 10, whenFull: "reject" } as const;
const WRITE = { expectedToken: "first", nextToken: "second", payload: new Uint8Array(1) };

async function woken(store: RendezvousStore, id: string): Promise<void> {
  // Ends a test whose watch nothing wakes.
  const signal = AbortSignal.timeout(20_000);
  await store.watch?.(id, "first", signal);
  assert.ok(!signal.aborted, "nothing woke the watch");
}

/** A Deno KV that counts what is watched in it, and what was read. */
async function counted(): Promise<{ kv: Kv; watching: () => number; reads: () => number }> {
  const kv = await Deno.openKv(":memory:");
  let [watching, reads] = [0, 0];
  const get: Kv["get"] = (key) => {
    reads += 1;
    return kv.get(key);
  };
  const watch: Kv["watch"] = (keys) => {
    watching += 1;
    const reader = kv.watch(keys).getReader();
    return new ReadableStream({
      pull: async (controller) => {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => {
        watching -= 1;
        return reader.cancel();
      },
    });
  };
  const wrapped = { get, watch, getMany: kv.getMany.bind(kv), list: kv.list.bind(kv), atomic: kv.atomic.bind(kv) };
  return { kv: { ...wrapped, close: () => kv.close() }, watching: () => watching, reads: () => reads };
}

test("a write and a cancellation in another process wake a watch", async () => {
  await withFile(async (path) => {
    const store = await openDenoKvStore(path);
    for (const [id, expected] of [
      ["written", "second"],
      ["cancelled", "absent"],
    ] as const) {
      await store.create(id, SESSION, ADMISSION, 0);
      const child = startChild("watcher.ts", path, id, "first");
      assert.ok(child.stdout);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      assert.equal((await lines.next()).value, "waiting");
      if (id === "written") await store.write(id, WRITE, 0);
      else await store.cancel(id, 0);
      assert.equal((await lines.next()).value, expected);
    }
    await store.close();
  });
});

test("Deno KV itself tells of changes, without anybody looking", async () => {
  await withFile(async (path) => {
    const [store, other] = await Promise.all([openDenoKvStore(path, { pollMs: 0 }), openDenoKvStore(path)]);
    await store.create("id", SESSION, ADMISSION, 0);
    const watching = woken(store, "id");
    await store.stats();
    await other.write("id", WRITE, 0);
    await watching;
    await Promise.all([store.close(), other.close()]);
  });
});

test("those who wait for one session share a watch of Deno KV, which ends with the last of them", async () => {
  const { kv, watching, reads } = await counted();
  const store = denoKvStore(kv);
  for (const id of ["one", "two"]) await store.create(id, SESSION, ADMISSION, 0);
  const [first, second] = [new AbortController(), new AbortController()];
  const waiting = [first, second].map(({ signal }) => store.watch?.("one", "first", signal));
  const other = woken(store, "two");
  assert.equal(watching(), 2);
  const since = reads();
  first.abort();
  await waiting[0];
  assert.equal(watching(), 2);
  second.abort();
  await waiting[1];
  assert.equal(watching(), 1);
  await store.write("two", WRITE, 0);
  await other;
  assert.equal(watching(), 0);
  assert.ok(reads() - since < 20, "who waits reads again and again");
  await store.close();
  kv.close();
});

test("closing ends every watch, and leaves a Deno KV that was given usable", async () => {
  const { kv, watching } = await counted();
  const store = denoKvStore(kv);
  for (const id of ["one", "two"]) await store.create(id, SESSION, ADMISSION, 0);
  const waiting = ["one", "one", "two"].map((id) => woken(store, id));
  await store.stats();
  await store.close();
  await Promise.all(waiting);
  assert.equal(watching(), 0);
  await kv.get(["theirs"]);
  kv.close();
});
