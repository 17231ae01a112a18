import assert from "node:assert/strict";
import {
  createRendezvous,
  isSequenceToken,
  MAX_IDENTIFIER_LENGTH,
  MAX_PAYLOAD_BYTES,
  memoryStore,
  type Rendezvous,
  type RendezvousOptions,
  StoreUnavailableError,
} from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";

const START = 1_700_000_000_000;
const ALICE = "@alice:example.org";
const PAYLOAD = new TextEncoder().encode("hello");
const OTHER = new TextEncoder().encode("bye");

const randomBytes = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** A service with a clock that the test moves. */
function service(options: Partial<RendezvousOptions> = {}): { rendezvous: Rendezvous; clock: { now: number } } {
  const clock = { now: START };
  return {
    rendezvous: createRendezvous({ store: memoryStore(), now: () => clock.now, randomBytes, ...options }),
    clock,
  };
}

async function start(rendezvous: Rendezvous, owner: string = ALICE) {
  const created = await rendezvous.create(PAYLOAD, owner);
  assert.ok(created.ok);
  return created.value;
}

test("two devices pass the slot to and fro, until one of them cancels", async () => {
  const { rendezvous, clock } = service();
  const { id, sequenceToken, modifiedAt, expiresAt } = await start(rendezvous);
  assert.deepEqual([modifiedAt, expiresAt], [START, START + 300_000]);
  clock.now += 1000;
  const written = await rendezvous.write(id, { sequenceToken, payload: OTHER });
  assert.ok(written.ok);
  assert.deepEqual([written.value.modifiedAt, written.value.expiresAt], [START + 1000, expiresAt]);
  const read = await rendezvous.read(id);
  assert.ok(read.ok);
  assert.deepEqual([read.value.payload, read.value.sequenceToken], [OTHER, written.value.sequenceToken]);
  assert.deepEqual(await rendezvous.cancel(id), { ok: true, value: undefined });
  const absent = { ok: false, error: { code: "absent" } };
  assert.deepEqual(await rendezvous.read(id), absent);
  assert.deepEqual(await rendezvous.write(id, { sequenceToken, payload: OTHER }), absent);
  assert.deepEqual(await rendezvous.cancel(id), absent);
});

test("a lost race names the revision that won, and a retry is none", async () => {
  const { rendezvous } = service();
  const { id, sequenceToken } = await start(rendezvous);
  const won = await rendezvous.write(id, { sequenceToken, payload: OTHER });
  assert.ok(won.ok);
  const lost = await rendezvous.write(id, { sequenceToken, payload: PAYLOAD });
  assert.ok(!lost.ok && lost.error.code === "conflict");
  assert.equal(lost.error.current.sequenceToken, won.value.sequenceToken);
  for (const stale of [sequenceToken, "", "\ud800", "\0", "x".repeat(100_000)]) {
    const retried = await rendezvous.write(id, { sequenceToken: stale, payload: OTHER });
    assert.ok(retried.ok && retried.value.sequenceToken === won.value.sequenceToken);
  }
});

test("a repeated transaction gets its first answer", async () => {
  const { rendezvous } = service();
  const { id, sequenceToken } = await start(rendezvous);
  const request = { sequenceToken, payload: OTHER, transactionId: "m1" };
  const first = await rendezvous.write(id, request);
  assert.ok(first.ok);
  await rendezvous.write(id, { sequenceToken: first.value.sequenceToken, payload: PAYLOAD });
  const again = await rendezvous.write(id, request);
  assert.ok(again.ok && again.value.sequenceToken === first.value.sequenceToken);
});

test("IDs and tokens are of the alphabet and length that is promised, and none comes twice", async () => {
  const { rendezvous } = service({ maxSessionsPerOwner: Infinity });
  const seen = new Set<string>();
  for (let count = 0; count < 1000; count += 1) {
    const { id, sequenceToken } = await start(rendezvous);
    assert.match(id, /^[0-9A-Za-z_-]{22}$/);
    assert.match(sequenceToken, /^[0-9A-Za-z_-]{16}$/);
    const written = await rendezvous.write(id, { sequenceToken, payload: PAYLOAD });
    assert.ok(written.ok);
    for (const text of [id, sequenceToken, written.value.sequenceToken]) seen.add(text);
  }
  assert.equal(seen.size, 3000);
});

test("a text is told to be a sequence token by its alphabet and length", () => {
  const token = "AZaz09_-AZaz09_-";
  assert.ok(isSequenceToken(token));
  for (const text of ["", token.slice(1), `${token}A`, `${token.slice(1)}.`, `${token.slice(1)}\n`, "é".repeat(16)]) {
    assert.equal(isSequenceToken(text), false);
  }
});

test("each character of an ID takes 6 bits of randomness: every one of 64 is as likely", async () => {
  let next = 0;
  const counting = (length: number) => Uint8Array.from({ length }, () => next++);
  const { rendezvous } = service({ randomBytes: counting });
  const counts = new Map<string, number>();
  while (next < 64 * 256) {
    const { id, sequenceToken } = await start(rendezvous);
    for (const character of id + sequenceToken) counts.set(character, (counts.get(character) ?? 0) + 1);
    await rendezvous.cancel(id);
  }
  assert.equal(counts.size, 64);
  const [least, most] = [Math.min(...counts.values()), Math.max(...counts.values())];
  assert.ok(most - least <= 1, `${least} to ${most} times`);
});

test("a source that repeats itself is an error that does not tell the ID", async () => {
  const { rendezvous } = service({ randomBytes: (length) => new Uint8Array(length) });
  await start(rendezvous);
  await assert.rejects(rendezvous.create(PAYLOAD, ALICE), (error: Error) => {
    assert.match(error.message, /not a source of randomness/);
    assert.ok(!error.message.includes("AAAA"));
    return true;
  });
});

test("services with different prefixes share a store and its caps, and not their sessions", async () => {
  const store = memoryStore();
  const left = service({ store, idPrefix: "a.", maxSessions: 2 }).rendezvous;
  const right = service({ store, idPrefix: "b~", maxSessions: 2 }).rendezvous;
  const [hers, his] = [await start(left), await start(right)];
  assert.match(hers.id, /^a\.[0-9A-Za-z_-]{22}$/);
  assert.match(his.id, /^b~[0-9A-Za-z_-]{22}$/);
  assert.ok((await left.read(hers.id)).ok);
  for (const answer of [
    await right.read(hers.id),
    await right.cancel(hers.id),
    await right.write(hers.id, { sequenceToken: hers.sequenceToken, payload: OTHER }),
  ]) {
    assert.deepEqual(answer, { ok: false, error: { code: "absent" } });
  }
  assert.deepEqual(await left.stats(), { sessions: 2 });
  assert.equal((await left.create(PAYLOAD, ALICE)).ok, false);
});

test("what cannot be one of the service's IDs is absent", async () => {
  const { rendezvous } = service();
  const { id } = await start(rendezvous);
  for (const other of [
    "",
    id.slice(1),
    `${id}0`,
    `${id}\n`,
    `${id.slice(1)}/`,
    `${id.slice(1)}é`,
    ` ${id}`,
    "__proto__",
  ]) {
    assert.deepEqual(await rendezvous.read(other), { ok: false, error: { code: "absent" } });
    assert.deepEqual(await rendezvous.cancel(other), { ok: false, error: { code: "absent" } });
  }
});

test("a payload may be as long as the limit, and no longer", async () => {
  const { rendezvous } = service();
  const [most, more] = [new Uint8Array(MAX_PAYLOAD_BYTES), new Uint8Array(MAX_PAYLOAD_BYTES + 1)];
  const tooLarge = { ok: false, error: { code: "payload_too_large", limitBytes: 4096 } };
  assert.deepEqual(await rendezvous.create(more, ALICE), tooLarge);
  const created = await rendezvous.create(most, ALICE);
  assert.ok(created.ok);
  const { id, sequenceToken } = created.value;
  assert.deepEqual(await rendezvous.write(id, { sequenceToken, payload: more }), tooLarge);
  assert.ok((await rendezvous.write(id, { sequenceToken, payload: most })).ok);
});

test("a transaction ID is 1 to 255 printable characters", async () => {
  const { rendezvous } = service();
  const { id, sequenceToken } = await start(rendezvous);
  for (const transactionId of ["", "x".repeat(MAX_IDENTIFIER_LENGTH + 1), " ", "m\n", "é", "\0"]) {
    const error = { code: "invalid_transaction_id", maxLength: 255 };
    assert.deepEqual(await rendezvous.write(id, { sequenceToken, payload: OTHER, transactionId }), {
      ok: false,
      error,
    });
  }
  const transactionId = "~".repeat(MAX_IDENTIFIER_LENGTH);
  assert.ok((await rendezvous.write(id, { sequenceToken, payload: OTHER, transactionId })).ok);
});

test("a full service says which cap is reached, and in how many milliseconds to come back", async () => {
  const { rendezvous, clock } = service({ maxSessions: 3, maxSessionsPerOwner: 2, ttlMs: 120_000 });
  await start(rendezvous);
  clock.now += 500;
  await start(rendezvous);
  const full = (scope: string, retryAfterMs: number) => ({ ok: false, error: { code: "full", scope, retryAfterMs } });
  assert.deepEqual(await rendezvous.create(PAYLOAD, ALICE), full("owner", 119_500));
  await start(rendezvous, "@bob:example.org");
  assert.deepEqual(await rendezvous.create(PAYLOAD, "@carol:example.org"), full("total", 119_500));
  clock.now = START + 120_000 - 1.5;
  assert.deepEqual(await rendezvous.create(PAYLOAD, ALICE), full("owner", 2));
  clock.now = START + 120_000 - 0.25;
  assert.deepEqual(await rendezvous.create(PAYLOAD, ALICE), full("owner", 1));
  clock.now = START + 120_000;
  await start(rendezvous);
});

test("a service that evicts ends the oldest session instead", async () => {
  const { rendezvous } = service({ maxSessions: 1, whenFull: "evict-oldest" });
  const [first, second] = [await start(rendezvous), await start(rendezvous)];
  assert.equal((await rendezvous.read(first.id)).ok, false);
  assert.equal((await rendezvous.read(second.id)).ok, true);
});

test("the caps are 10,000 in all and 20 for one owner, unless something else is said", async () => {
  const { rendezvous } = service();
  const owner = (count: number) => `@user${Math.floor(count / 20)}:example.org`;
  for (let count = 0; count < 20; count += 1) await start(rendezvous, owner(count));
  const own = await rendezvous.create(PAYLOAD, owner(0));
  assert.ok(!own.ok && own.error.code === "full" && own.error.scope === "owner");
  for (let count = 20; count < 10_000; count += 1) await start(rendezvous, owner(count));
  const all = await rendezvous.create(PAYLOAD, ALICE);
  assert.ok(!all.ok && all.error.code === "full" && all.error.scope === "total");
});

test("what remains of a session is a whole number of milliseconds, and never negative", () => {
  fc.assert(
    fc.property(fc.double({ min: -1e6, max: 1e6, noNaN: true }), (offset) => {
      const { rendezvous, clock } = service();
      clock.now = START + offset;
      const left = rendezvous.remaining({ sequenceToken: "token", modifiedAt: START, expiresAt: START });
      assert.ok(Number.isInteger(left) && left >= 0 && !Object.is(left, -0), `${left}`);
      const rest = Math.max(0, START - clock.now) - left;
      assert.ok(rest >= 0 && rest < 1, `${rest}`);
    }),
  );
});

test("a session ends after the lifetime that was set, and a sweep removes it", async () => {
  const { rendezvous, clock } = service({ ttlMs: 120_000 });
  const created = await start(rendezvous);
  clock.now += 119_999;
  assert.equal(rendezvous.remaining(created), 1);
  assert.ok((await rendezvous.read(created.id)).ok);
  clock.now += 1;
  assert.equal(rendezvous.remaining(created), 0);
  assert.equal((await rendezvous.read(created.id)).ok, false);
  assert.deepEqual(await rendezvous.stats(), { sessions: 1 });
  assert.equal(await rendezvous.sweep(), 1);
  assert.deepEqual(await rendezvous.stats(), { sessions: 0 });
});

test("an option out of its bounds is a RangeError that names it", () => {
  for (const name of ["ttlMs", "maxSessions", "maxSessionsPerOwner", "maxWaiters"] as const) {
    for (const value of [0, -1, 1.5, Number.NaN, -Infinity, 2 ** 53]) {
      assert.throws(() => service({ [name]: value }), {
        name: "RangeError",
        message: new RegExp(`^${name} must be .* not `),
      });
    }
    service({ [name]: 1 });
    service({ [name]: undefined });
  }
  assert.throws(() => service({ ttlMs: Infinity }), RangeError);
  service({ maxSessions: Infinity, maxSessionsPerOwner: Infinity, maxWaiters: Infinity });
  for (const idPrefix of ["x".repeat(17), "a/b", "é", "a\n", " "]) {
    assert.throws(() => service({ idPrefix }), { name: "RangeError", message: /^idPrefix must be / });
  }
  for (const idPrefix of ["", "x".repeat(16), "AZaz09._~-"]) service({ idPrefix });
});

test("a store that cannot be asked is the caller's to handle", async () => {
  const unavailable = async () => {
    throw new StoreUnavailableError("the engine did not answer");
  };
  const store = Object.assign(memoryStore(), { create: unavailable, read: unavailable });
  const { rendezvous } = service({ store });
  await assert.rejects(rendezvous.create(PAYLOAD, ALICE), { name: "StoreUnavailableError", code: "store_unavailable" });
  await assert.rejects(rendezvous.read("x".repeat(22)), StoreUnavailableError);
});
