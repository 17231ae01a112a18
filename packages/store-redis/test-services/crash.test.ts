import assert from "node:assert/strict";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { type RendezvousStore, StoreUnavailableError } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openRedisStore } from "../src/index.ts";
import { NOW, recovery, start, tokenOf, writing } from "./client.ts";
import { Server } from "./servers.ts";

/** How often the server is killed with each setting, on each of three runtimes: `CRASHES=200` takes minutes. */
const TOTAL = Number(process.env["CRASHES"] ?? 7);
const CRASHES = Math.min(20, TOTAL);
const ROUNDS = Math.ceil(TOTAL / CRASHES);
const WRITERS = 8;

/** What is read of a session from before its creation to after its cancellation. */
const LIFE = ["absent", "first", "second", "third", "fourth", "fifth", "absent"];

/** A client that takes one session after the other through its life, and remembers what was acknowledged. */
class Writer {
  readonly #store: RendezvousStore;
  readonly #name: string;
  #session = 0;
  /** How far into its life the session at hand is known to be. */
  #at = 0;
  acknowledged = 0;

  constructor(store: RendezvousStore, name: string) {
    this.#store = store;
    this.#name = name;
  }

  /** Goes on until the store is away. */
  async work(): Promise<void> {
    try {
      for (;;) {
        await this.#step();
        this.acknowledged += 1;
        this.#advance();
      }
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }

  async #step(): Promise<void> {
    const id = `${this.#name}-${this.#session}`;
    const [current = "", next = ""] = LIFE.slice(this.#at);
    if (current === "absent") return await start(this.#store, id, this.#name);
    const request = writing(current, next, next);
    const { type } = await (next === "absent" ? this.#store.cancel(id, NOW) : this.#store.write(id, request, NOW));
    assert.match(type, /cancelled|written/);
  }

  #advance(): void {
    this.#at += 1;
    if (this.#at < LIFE.length - 1) return;
    this.#session += 1;
    this.#at = 0;
  }

  /** Looks at what is there, goes on from it, and gives how many acknowledged operations it lacks. */
  async lost(): Promise<number> {
    const before = await tokenOf(this.#store, `${this.#name}-${this.#session - 1}`);
    const returned = before === "absent" ? 0 : 1;
    const found = await tokenOf(this.#store, `${this.#name}-${this.#session}`);
    if (found === LIFE[this.#at + 1]) {
      this.#advance();
      return returned;
    }
    const known = this.#at;
    this.#at = LIFE.lastIndexOf(found, known);
    return returned + known - this.#at;
  }
}

/** Kills a server again and again while clients write; gives how many operations were acknowledged, and how many lost. */
async function crash(times: number, ...settings: string[]): Promise<{ acknowledged: number; lost: number }> {
  const server = await Server.start(settings);
  const store = await openRedisStore(server.url);
  const writers = Array.from({ length: WRITERS }, (_, index) => new Writer(store, `writer-${index}`));
  let survivors: string[] = [];
  let lost = 0;
  try {
    for (let crashes = 0; crashes < times; crashes += 1) {
      await start(store, `mark-${crashes}`);
      const working = Promise.all(writers.map((writer) => writer.work()));
      await pause(20 + Math.random() * 100);
      await server.kill();
      await working;
      await server.restart();
      await recovery(() => store.stats());
      for (const writer of writers) lost += await writer.lost();
      for (const id of survivors) assert.equal(await tokenOf(store, id), "first", "what survived a crash is on disk");
      if ((await tokenOf(store, `mark-${crashes}`)) === "first")
        survivors = [...survivors, `mark-${crashes}`].slice(-20);
    }
  } finally {
    await store.close();
    await server.stop();
  }
  return { acknowledged: writers.reduce((sum, writer) => sum + writer.acknowledged, 0), lost };
}

for (let round = 1; round <= ROUNDS; round += 1) {
  test(`${CRASHES} kills while clients write, with appendfsync always: nothing acknowledged is lost (${round})`, async () => {
    const { acknowledged, lost } = await crash(CRASHES, "appendonly yes", "appendfsync always");
    console.info(`appendfsync always: ${CRASHES} kills, ${acknowledged} acknowledged, ${lost} lost`);
    assert.ok(acknowledged > CRASHES * WRITERS, `only ${acknowledged} operations`);
    assert.equal(lost, 0);
  });

  // Redis hands the system what it acknowledges at once, but for up to 2 seconds while an fsync is under way; so a kill
  // may take that, and as a rule takes little. What a power cut takes is another matter.
  test(`${CRASHES} kills while clients write, with appendfsync everysec: survivors stay (${round})`, async () => {
    const { acknowledged, lost } = await crash(CRASHES, "appendonly yes", "appendfsync everysec");
    console.info(`appendfsync everysec: ${CRASHES} kills, ${acknowledged} acknowledged, ${lost} lost`);
    assert.ok(lost < acknowledged);
  });
}

test("without appendonly a kill loses what there is, and this counts it", async () => {
  const { lost } = await crash(3, "appendonly no");
  assert.ok(lost > 0);
});
