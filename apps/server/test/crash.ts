import assert from "node:assert/strict";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import { type ServerProcess, startServer } from "./server-process.ts";
import { ask, create, persistently, type Slot, write } from "./sessions.ts";

const WRITERS = 4;
const UNLIMITED = ["--max-sessions", "1000000", "--max-sessions-per-owner", "1000000"];

/** One client that writes to a session of its own, and knows what it was promised. */
class Writer {
  slot: Slot | undefined;
  /** The last payload that was acknowledged. */
  acknowledged = "start";
  /** What was sent and not answered. */
  pending: string | undefined;
  acknowledgements = 0;
  #written = 0;

  /** Writes until the server is gone. */
  async run(url: string): Promise<void> {
    try {
      this.slot ??= await create(url, this.acknowledged);
      for (;;) await this.#write(url, this.slot);
    } catch (error) {
      // Nothing else may end it: an answer that is wrong is no dead server.
      if (!(error instanceof TypeError || (error instanceof Error && "code" in error))) throw error;
    }
  }

  async #write(url: string, slot: Slot): Promise<void> {
    this.#written += 1;
    this.pending = `write ${this.#written}`;
    const data = this.pending;
    const { status, body } = await persistently(() => write(url, slot, data));
    assert.equal(status, 200, JSON.stringify(body));
    this.slot = { id: slot.id, token: String(body["sequence_token"]) };
    this.acknowledged = data;
    this.pending = undefined;
    this.acknowledgements += 1;
  }

  /** After the restart: what was promised is there, and the write whose answer was lost can be sent again. */
  async verify(url: string): Promise<void> {
    // A creation that was not answered: nobody has its ID.
    if (this.slot === undefined) return;
    const slot = this.slot;
    const { status, body } = await persistently(() => ask(url, "GET", `/${slot.id}`));
    assert.equal(status, 200, "a session was lost");
    const data = String(body["data"]);
    assert.ok(data === this.acknowledged || data === this.pending, `${data} is there, not ${this.acknowledged}`);
    if (data === this.acknowledged) assert.equal(body["sequence_token"], slot.token);
    const { pending } = this;
    if (pending === undefined) return;
    const again = await persistently(() => write(url, slot, pending));
    assert.equal(again.status, 200, "the retry was refused");
    this.slot = { id: slot.id, token: String(again.body["sequence_token"]) };
    this.acknowledged = pending;
    this.pending = undefined;
  }
}

/** What the kills came to. */
export interface CrashReport {
  readonly kills: number;
  readonly acknowledgedWrites: number;
}

/** Kills a writing server at random moments, each time starting another in its place, of one runtime after the other. */
export async function assertSurvivesKills(
  runtimes: readonly Runtime[],
  store: string,
  kills: number,
): Promise<CrashReport> {
  const writers = Array.from({ length: WRITERS }, () => new Writer());
  const start = (index: number): Promise<ServerProcess> =>
    startServer(runtimes[index % runtimes.length] ?? "node", ["--store", store, ...UNLIMITED]);
  for (let kill = 0; kill < kills; kill += 1) {
    const server = await start(kill);
    try {
      await Promise.all(writers.map((writer) => writer.verify(server.url)));
      const writing = writers.map((writer) => writer.run(server.url));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 150));
      server.child.kill("SIGKILL");
      await Promise.all(writing);
    } finally {
      server.child.kill("SIGKILL");
      await server.ended;
    }
  }
  const server = await start(0);
  await Promise.all(writers.map((writer) => writer.verify(server.url)));
  assert.equal(await server.stop(), 0);
  const acknowledgedWrites = writers.reduce((sum, { acknowledgements }) => sum + acknowledgements, 0);
  return { kills, acknowledgedWrites };
}
