import assert from "node:assert/strict";
import process from "node:process";
import { type RendezvousStore, StoreUnavailableError } from "@matrix-rendezvous/core";
import { runtime, test } from "@matrix-rendezvous/testkit/runner";
import { lastBeforeKill } from "../../store-deno-kv/test/killed-writer.ts";
import { openPostgresStore } from "../src/index.ts";
import { startChild } from "./child.ts";
import { type Cluster, startCluster } from "./cluster.ts";
import { freshSchema, POSTGRES_URL, withClient } from "./server.ts";

/** How often PostgreSQL is killed, and how often a process that writes to it; in rounds of at most 20, each a test. */
const CRASHES = Number(process.env["CRASHES"] ?? 20);
const KILLS = Number(process.env["KILLS"] ?? 10);
const WRITERS = 8;
/** Most answers between two crashes. */
const MOST_ANSWERS = 300;

const ADMISSION = { owner: "alice", maxSessions: 1000, maxSessionsPerOwner: 1000, whenFull: "reject" } as const;
const EXPIRES_AT = 1000;

/** A server that is killed and started again while it is used. */
class Storm {
  answers = 0;
  lost = 0;
  retries = 0;
  readonly #store: RendezvousStore;
  readonly #cluster: Cluster;
  #made = 0;
  #over = false;
  /** Resolves when the server is there again. */
  #up: Promise<void> = Promise.resolve();

  constructor(store: RendezvousStore, cluster: Cluster) {
    this.#store = store;
    this.#cluster = cluster;
  }

  async rage(crashes: number): Promise<void> {
    for (let crash = 0; crash < crashes; crash += 1) {
      const target = this.answers + Math.random() * MOST_ANSWERS;
      while (this.answers < target) await this.#store.stats();
      this.#up = this.#cluster.crash().then(() => this.#cluster.start());
      await this.#up;
    }
    this.#over = true;
  }

  /** Lives through one session after the other, each created, written to and cancelled, and looks for what was lost. */
  async write(): Promise<void> {
    while (!this.#over) {
      this.#made += 1;
      const id = `session-${this.#made}`;
      const first = { payload: new Uint8Array(), sequenceToken: `${id}-0`, expiresAt: EXPIRES_AT };
      await this.#ask(() => this.#store.create(id, first, ADMISSION, 0));
      let expectedToken = first.sequenceToken;
      for (let count = 1; count <= 10; count += 1) {
        const write = { expectedToken, nextToken: `${id}-${count}`, payload: new TextEncoder().encode(`${count}`) };
        // After an acknowledged write was lost, this is a conflict; after a creation, there is no session.
        const { type } = await this.#ask(() => this.#store.write(id, write, 0));
        if (type !== "written" && type !== "unchanged") this.lost += 1;
        expectedToken = write.nextToken;
      }
      await this.#ask(() => this.#store.cancel(id, 0));
      const { type } = await this.#ask(() => this.#store.read(id, 0));
      if (type !== "absent") this.lost += 1;
    }
  }

  /** Asks until there is an answer, as a client would. */
  async #ask<T>(operation: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        const answer = await operation();
        this.answers += 1;
        return answer;
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        this.retries += 1;
        await this.#up;
      }
    }
  }
}

function rounds(total: number, body: (times: number) => void): void {
  for (let left = total; left > 0; left -= 20) body(Math.min(left, 20));
}

rounds(CRASHES, (times) => {
  test(`PostgreSQL, killed ${times} times, loses nothing that was acknowledged; the store needs no restart`, async () => {
    // Otherwise each start syncs every file of the installation, which takes longer than all else here.
    const cluster = await startCluster(["recovery_init_sync_method=syncfs"]);
    const store = await openPostgresStore(cluster.url);
    try {
      const storm = new Storm(store, cluster);
      const writers = Array.from({ length: WRITERS }, () => storm.write());
      await Promise.all([storm.rage(times), ...writers]);
      console.log(
        `${runtime}: ${times} crashes, ${storm.answers} answers, ${storm.retries} retries, ${storm.lost} lost`,
      );
      assert.equal(storm.lost, 0);
      assert.ok(storm.retries >= times, `only ${storm.retries} operations met a crash`);
      assert.deepEqual(await store.stats(), { sessions: 0 });
      const sessions = "select from matrix_rendezvous.sessions";
      assert.equal((await withClient((client) => client.query(sessions), cluster.url)).rowCount, 0);
    } finally {
      await store.close();
      await cluster.remove();
    }
  });
});

rounds(KILLS, (times) => {
  test(`processes that are killed while they write, ${times} times, lose nothing that was acknowledged`, async () => {
    const schema = freshSchema();
    const store = await openPostgresStore(POSTGRES_URL, { schema });
    try {
      for (let kill = 0; kill < times; kill += 1) {
        const id = `session-${kill}`;
        const child = startChild("writer.ts", POSTGRES_URL, schema, id);
        const acknowledged = await lastBeforeKill(child, MOST_ANSWERS);
        const read = await store.read(id, 0);
        assert.ok(read.type === "found" && Number(read.session.sequenceToken) >= acknowledged);
      }
      assert.deepEqual(await store.stats(), { sessions: times });
    } finally {
      await store.close();
      await withClient((client) => client.query(`drop schema ${schema} cascade`));
    }
  });
});
