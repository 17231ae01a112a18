import assert from "node:assert/strict";
import { createRendezvous, memoryStore, type Rendezvous, type RendezvousOptions } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";

const PAYLOAD = new TextEncoder().encode("hello");

function service(options: Partial<RendezvousOptions> = {}): Rendezvous {
  const randomBytes = (length: number) => crypto.getRandomValues(new Uint8Array(length));
  return createRendezvous({ store: memoryStore(), now: () => 0, randomBytes, ...options });
}

async function start(rendezvous: Rendezvous) {
  const created = await rendezvous.create(PAYLOAD, "alice");
  assert.ok(created.ok);
  return created.value;
}

/** Waits for a change, and tells whether that has ended yet. */
function wait(
  rendezvous: Rendezvous,
  session: { id: string; sequenceToken: string },
  signal = new AbortController().signal,
) {
  const waiting = { ended: false, done: rendezvous.waitForChange(session.id, session.sequenceToken, signal) };
  void waiting.done.then(() => {
    waiting.ended = true;
  });
  return waiting;
}

test("who waits for a change is told of a write, and of nothing before it", async () => {
  const rendezvous = service();
  const [session, other] = [await start(rendezvous), await start(rendezvous)];
  const waiting = wait(rendezvous, session);
  await rendezvous.read(session.id);
  await rendezvous.write(other.id, { ...other, payload: PAYLOAD });
  await rendezvous.write(session.id, { sequenceToken: "", payload: new Uint8Array() });
  await settled();
  assert.equal(waiting.ended, false);
  await rendezvous.write(session.id, { ...session, payload: PAYLOAD });
  await waiting.done;
});

test("nobody waits for a change that has happened, for another service's session, or with an aborted signal", async () => {
  const store = memoryStore();
  const rendezvous = service({ store });
  const session = await start(rendezvous);
  await wait(rendezvous, { ...session, sequenceToken: "another" }).done;
  await wait(service({ store, idPrefix: "other." }), session).done;
  await wait(rendezvous, session, AbortSignal.abort()).done;
});

test("four may wait for one session; the fifth is answered at once, until one of them is gone", async () => {
  const rendezvous = service();
  const session = await start(rendezvous);
  const leaving = new AbortController();
  const waiting = [leaving.signal, undefined, undefined, undefined].map((signal) => wait(rendezvous, session, signal));
  await wait(rendezvous, session).done;
  await wait(rendezvous, session).done;
  assert.deepEqual(
    waiting.map(({ ended }) => ended),
    [false, false, false, false],
  );
  leaving.abort();
  await waiting[0]?.done;
  const next = wait(rendezvous, session);
  await settled();
  assert.equal(next.ended, false);
  await rendezvous.cancel(session.id);
  await Promise.all([...waiting, next].map(({ done }) => done));
});

test("no more wait in all than may", async () => {
  const rendezvous = service({ maxWaiters: 2 });
  const sessions = [await start(rendezvous), await start(rendezvous), await start(rendezvous)] as const;
  const waiting = [wait(rendezvous, sessions[0]), wait(rendezvous, sessions[1])];
  await wait(rendezvous, sessions[2]).done;
  await rendezvous.cancel(sessions[0].id);
  await waiting[0]?.done;
  const next = wait(rendezvous, sessions[2]);
  await settled();
  assert.deepEqual([waiting[1]?.ended, next.ended], [false, false]);
  for (const { id } of sessions) await rendezvous.cancel(id);
  await Promise.all([...waiting, next].map(({ done }) => done));
});

test("a service whose store tells of no changes says so, and answers at once", async () => {
  const rendezvous = service({ store: Object.defineProperty(memoryStore(), "watch", { value: undefined }) });
  assert.equal(rendezvous.canWait, false);
  await wait(rendezvous, await start(rendezvous)).done;
  assert.equal(service().canWait, true);
});

/** Lets everything happen that waits for nothing outside of the process. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 50; turn += 1) await undefined;
}
