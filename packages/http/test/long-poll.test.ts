import assert from "node:assert/strict";
import { memoryStore, type RendezvousStore } from "@matrix-rendezvous/core";
import type { Handler } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { assertError, handlerWith, request, UNSTABLE } from "./requests.ts";

interface Slot {
  readonly id: string;
  readonly sequence_token: string;
}

/** A memory store that tells when somebody waits, so that nothing need be waited for blindly. */
function observed(): { store: RendezvousStore; waiting(count: number): Promise<void> } {
  const store = memoryStore();
  const watch = store.watch?.bind(store);
  let [count, wake] = [0, (): void => {}];
  return {
    store: Object.assign(store, {
      watch(id: string, knownToken: string, signal: AbortSignal): Promise<void> | undefined {
        count += 1;
        wake();
        return watch?.(id, knownToken, signal);
      },
    }),
    async waiting(wanted) {
      while (count < wanted) await new Promise<void>((resolve) => (wake = resolve));
    },
  };
}

async function create(handler: Handler): Promise<Slot> {
  return (await (await handler(request("POST", UNSTABLE, { data: "one" }))).json()) as Slot;
}

const read = (handler: Handler, { id, sequence_token }: Slot, timeout = "30000"): Promise<Response> =>
  handler(request("GET", `${UNSTABLE}/${id}?since=${sequence_token}&timeout=${timeout}`));

const write = (handler: Handler, { id, sequence_token }: Slot): Promise<Response> =>
  handler(request("PUT", `${UNSTABLE}/${id}`, { data: "two", sequence_token }));

test("discovery offers it where the store tells of changes, and not where it does not", async () => {
  const discovery = async (store: RendezvousStore): Promise<Record<string, unknown>> =>
    (await (await handlerWith({ store })(request("GET", UNSTABLE))).json()) as Record<string, unknown>;
  const key = "io.github.matrix-rendezvous.long_poll";
  assert.deepEqual((await discovery(memoryStore()))[key], { max_timeout_ms: 30_000 });
  assert.equal(key in (await discovery(Object.assign(memoryStore(), { watch: undefined }))), false);
});

test("a read is held until the session is written", async () => {
  const { store, waiting } = observed();
  const handler = handlerWith({ store });
  const slot = await create(handler);
  const held = read(handler, slot);
  await waiting(1);
  await write(handler, slot);
  assert.equal(((await (await held).json()) as { data: string }).data, "two");
});

test("a read with another token, or without one, is answered at once", async () => {
  const handler = handlerWith();
  const slot = await create(handler);
  assert.equal((await read(handler, { ...slot, sequence_token: "stale" })).status, 200);
  assert.equal((await handler(request("GET", `${UNSTABLE}/${slot.id}?timeout=30000`))).status, 200);
});

test("cancelling answers the reads that are held with 404", async () => {
  const { store, waiting } = observed();
  const handler = handlerWith({ store });
  const slot = await create(handler);
  const held = [read(handler, slot), read(handler, slot)];
  await waiting(2);
  await handler(request("DELETE", `${UNSTABLE}/${slot.id}`));
  for (const answer of held) await assertError(await answer, 404, "M_NOT_FOUND");
});

test("a timeout that has passed is answered with what is there", async () => {
  const handler = handlerWith();
  const slot = await create(handler);
  for (const timeout of ["0", "1"]) {
    const answer = await read(handler, slot, timeout);
    assert.equal(((await answer.json()) as Slot).sequence_token, slot.sequence_token);
  }
});

test("a session that expires is not waited for any longer", async () => {
  let now = 1_000_000;
  const { store, waiting } = observed();
  const handler = handlerWith({ store, ttlMs: 5, now: () => now });
  const slot = await create(handler);
  const held = read(handler, slot);
  await waiting(1);
  now += 5;
  await assertError(await held, 404, "M_NOT_FOUND");
});

test("shutting down answers the reads that are held, with what is there", async () => {
  const shutdown = new AbortController();
  const { store, waiting } = observed();
  const handler = handlerWith({ store, shutdown: shutdown.signal });
  const slot = await create(handler);
  const held = read(handler, slot);
  await waiting(1);
  shutdown.abort();
  assert.equal((await held).status, 200);
  assert.equal((await read(handler, slot)).status, 200);
});

test("a client that goes away frees its place, and one session holds no more than four", async () => {
  const { store, waiting } = observed();
  const handler = handlerWith({ store });
  const slot = await create(handler);
  const gone = new AbortController();
  const url = `http://localhost${UNSTABLE}/${slot.id}?since=${slot.sequence_token}&timeout=30000`;
  const held = [1, 2, 3, 4].map(() => handler(new Request(url, { signal: gone.signal })));
  await waiting(4);
  assert.equal((await read(handler, slot)).status, 200);
  gone.abort();
  await Promise.all(held);
  const next = read(handler, slot);
  await waiting(5);
  await write(handler, slot);
  assert.equal((await next).status, 200);
});

test("no more wait in all than there may", async () => {
  const { store, waiting } = observed();
  const handler = handlerWith({ store, maxWaiters: 1 });
  const [one, two] = [await create(handler), await create(handler)];
  const held = read(handler, one);
  await waiting(1);
  assert.equal((await read(handler, two)).status, 200);
  await write(handler, one);
  await held;
});

test("a timeout that is no number is refused", async () => {
  const handler = handlerWith();
  const slot = await create(handler);
  for (const timeout of ["", "-1", "1e3", "soon", "1.5", "9".repeat(16)]) {
    await assertError(await read(handler, slot, timeout), 400, "M_INVALID_PARAM");
  }
});
