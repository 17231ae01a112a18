import assert from "node:assert/strict";
import type { Admission } from "@matrix-rendezvous/core";
import fc from "fast-check";
import { answerOf, bytesOf } from "../answer.ts";
import type { Handles } from "../store-under-test.ts";
import type { ReferenceModel } from "./reference-model.ts";

/** The reference model, and what the commands choose from. */
export interface Model {
  readonly sessions: ReferenceModel;
  readonly admission: Omit<Admission, "owner">;
  now: number;
  /** How many tokens were made up. */
  made: number;
  /** By ID, every token that was current once, of earlier sessions too. */
  readonly tokens: Map<string, string[]>;
  /** By ID, the write that was sent last. */
  readonly writes: Map<string, { expected: string; payload: string; transactionId: string | undefined }>;
}

/** The store through all of its handles. */
export interface Real {
  readonly handles: Handles;
}

type Run = (model: Model, real: Real["handles"][number]) => Promise<void>;

/** One step of a random sequence. `handle` is the one it goes through. */
class Step implements fc.AsyncCommand<Model, Real> {
  readonly #label: string;
  readonly #handle: number;
  readonly #run: Run;

  constructor(label: string, handle: number, run: Run) {
    this.#label = label;
    this.#handle = handle;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  async run(model: Model, { handles }: Real): Promise<void> {
    await this.#run(model, handles[this.#handle % handles.length] ?? handles[0]);
  }

  toString(): string {
    return this.#label;
  }
}

export const IDS: readonly string[] = ["a", "b", "c", "d", "e"];
const LIFETIMES_MS = [60_000, 60_001, 90_000, 300_000];

const handle = fc.nat(3);
const id = fc.constantFrom(...IDS);
const owner = fc.constantFrom("alice", "bob", "carol");
const payload = fc.oneof(
  { arbitrary: fc.constantFrom("", "\0", "one", "two"), weight: 4 },
  { arbitrary: fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 40 }), weight: 1 },
);
/** 0 is the current token, 1 the one before it, and so on; none is a token of no session. */
const age = fc.oneof(
  { arbitrary: fc.constant(0), weight: 4 },
  { arbitrary: fc.nat(4), weight: 2 },
  { arbitrary: fc.constant(undefined), weight: 1 },
);
/** Few, so that they come up again; none in half of the writes. */
const transactionId = fc.option(
  fc.nat(20).map((index) => `m${index}`),
  { nil: undefined },
);

const create = fc.record({ id, owner, payload, handle, lifetimeMs: fc.constantFrom(...LIFETIMES_MS) }).map(
  ({ id, owner, payload, handle, lifetimeMs }) =>
    new Step(`create(${id}, ${owner}, ${lifetimeMs})`, handle, async (model, store) => {
      const token = `t${model.made++}`;
      const expiresAt = ends(model, model.now + lifetimeMs);
      const request = { type: "create", token, payload, expiresAt } as const;
      const admission = { ...model.admission, owner };
      const expected = model.sessions.create(id, request, admission, model.now);
      const session = { sequenceToken: token, payload: bytesOf(payload), expiresAt };
      assert.deepEqual(answerOf(await store.create(id, session, admission, model.now)), expected);
      if (expected.type === "created") model.tokens.set(id, [...(model.tokens.get(id) ?? []), token]);
    }),
);

const read = fc
  .record({ id, handle })
  .map(({ id, handle }) => new Step(`read(${id})`, handle, (model, store) => compareRead(model, store, id)));

const write = fc.record({ id, age, payload, transactionId, handle }).map(
  ({ id, age, payload, transactionId, handle }) =>
    new Step(
      `write(${id}, ${age ?? "foreign"}, ${JSON.stringify(payload)}, ${transactionId ?? ""})`,
      handle,
      (model, store) => {
        const expected = (age === undefined ? undefined : model.tokens.get(id)?.at(-1 - age)) ?? "foreign";
        return compareWrite(model, store, id, { expected, payload, transactionId });
      },
    ),
);

/** The last write again, as a client sends it whose answer was lost. */
const rewrite = fc.record({ id, handle }).map(
  ({ id, handle }) =>
    new Step(`rewrite(${id})`, handle, async (model, store) => {
      const request = model.writes.get(id);
      if (request !== undefined) await compareWrite(model, store, id, request);
    }),
);

const cancel = fc.record({ id, handle }).map(
  ({ id, handle }) =>
    new Step(`cancel(${id})`, handle, async (model, store) => {
      const expected = model.sessions.ask(id, { type: "cancel" }, model.now);
      assert.deepEqual(answerOf(await store.cancel(id, model.now)), expected);
    }),
);

const passBy = fc.integer({ min: 1, max: 30_000 }).map(
  (ms) =>
    new Step(`pass(${ms})`, 0, async (model) => {
      model.now += ms;
    }),
);

/** To the millisecond before a session ends, to its end, or to the millisecond after. */
const passToEnd = fc.record({ which: fc.nat(9), offset: fc.constantFrom(-1, 0, 1) }).map(
  ({ which, offset }) =>
    new Step(`passToEnd(${which}, ${offset})`, 0, async (model) => {
      const ends = model.sessions.ends.filter((end) => end + offset > model.now);
      model.now = ends.length === 0 ? model.now : (ends[which % ends.length] ?? model.now) + offset;
    }),
);

const sweep = fc.record({ handle }).map(
  ({ handle }) =>
    new Step("sweep()", handle, async (model, store) => {
      const before = await store.stats();
      let removed = 0;
      for (let count = await store.sweep(model.now); count > 0; count = await store.sweep(model.now)) {
        removed += count;
        assert.ok(removed <= before.sessions, "sweep must come to an end");
      }
      model.sessions.sweep(model.now);
      await compareStats(model, store);
      assert.equal(removed, before.sessions - (await store.stats()).sessions);
    }),
);

const stats = fc.record({ handle }).map(({ handle }) => new Step("stats()", handle, compareStats));

export const commands: fc.Arbitrary<Iterable<fc.AsyncCommand<Model, Real>>> = fc.commands(
  [create, create, read, write, write, write, rewrite, cancel, passBy, passToEnd, sweep, stats],
  { maxCommands: 80, size: "max" },
);

export async function compareRead(model: Model, store: Handles[number], id: string): Promise<void> {
  const expected = model.sessions.ask(id, { type: "read" }, model.now);
  assert.deepEqual(answerOf(await store.read(id, model.now)), expected);
}

export async function compareStats(model: Model, store: Handles[number]): Promise<void> {
  const { least, most } = model.sessions.sizes(model.now);
  const { sessions } = await store.stats();
  assert.ok(least <= sessions && sessions <= most, `${sessions} sessions, not ${least} to ${most}`);
}

async function compareWrite(
  model: Model,
  store: Handles[number],
  id: string,
  request: { expected: string; payload: string; transactionId: string | undefined },
): Promise<void> {
  const next = `t${model.made++}`;
  const expected = model.sessions.ask(id, { type: "write", next, ...request }, model.now);
  const { expected: expectedToken, transactionId } = request;
  const write = { expectedToken, nextToken: next, payload: bytesOf(request.payload), transactionId };
  assert.deepEqual(answerOf(await store.write(id, write, model.now)), expected);
  model.writes.set(id, request);
  if (expected.type === "written") model.tokens.set(id, [...(model.tokens.get(id) ?? []), next]);
}

/** Which of two sessions that end together is evicted first is left to the store: then no two end together. */
function ends(model: Model, end: number): number {
  if (model.admission.whenFull === "reject") return end;
  return model.sessions.ends.includes(end) ? ends(model, end + 1) : end;
}
