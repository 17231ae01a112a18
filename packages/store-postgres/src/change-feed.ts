import { createHash } from "node:crypto";
import { Watchers } from "@matrix-rendezvous/core";
import pg from "pg";
import { asUnavailable, type Target } from "./connection.ts";
import { WATCH_KEY_LENGTH } from "./schema.ts";

/** Wakes who waits for a session when PostgreSQL notifies of it: one connection listens for the whole process. */
export class ChangeFeed {
  readonly #target: Target;
  readonly #watchers = new Watchers();
  #client: pg.Client | undefined;
  #listening: Promise<void> | undefined;
  #closed = false;

  constructor(target: Target) {
    this.#target = target;
  }

  /**
   * Resolves when the session has changed, or the signal is aborted.
   *
   * @param unchanged whether there is anything to wait for; it has PostgreSQL notify of what changes after it was asked
   */
  async wait(id: string, signal: AbortSignal, unchanged: () => Promise<boolean>): Promise<void> {
    const ask = async (): Promise<boolean> => {
      await this.#listen();
      return await unchanged();
    };
    while (!this.#closed && !signal.aborted) {
      if (!(await this.#watchers.waitWhile(keyOf(id), ask, signal))) return;
    }
  }

  /** Ends every wait, and the connection. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#watchers.wakeAll();
    await this.#listening?.catch(() => {});
    this.#drop(this.#client);
  }

  /** Listens, or makes sure that it still does: nobody tells of a connection that a firewall forgot. */
  #listen(): Promise<void> {
    this.#listening ??= this.#askToListen().finally(() => {
      this.#listening = undefined;
    });
    return this.#listening;
  }

  async #askToListen(): Promise<void> {
    // To listen twice is to listen once.
    const listen = `listen "${this.#target.schema}"`;
    await this.#client?.query(listen).catch(() => this.#drop(this.#client));
    if (this.#client !== undefined) return;
    const client = new pg.Client(this.#target.config);
    client.on("error", () => {});
    client.on("notification", ({ payload = "" }) => this.#watchers.wake(payload));
    try {
      await client.connect();
      await client.query(listen);
    } catch (error) {
      void client.end();
      throw asUnavailable(error, this.#target.name);
    }
    this.#client = client;
    client.on("end", () => this.#drop(client));
  }

  /** Notifications may have been missed, so that everybody has to ask again; the first to do so opens another connection. */
  #drop(client: pg.Client | undefined): void {
    if (client === undefined || client !== this.#client) return;
    this.#client = undefined;
    void client.end();
    this.#watchers.wakeAll();
  }
}

/** What stands for the session in a notification. */
function keyOf(id: string): string {
  return createHash("sha256").update(id).digest("hex").slice(0, WATCH_KEY_LENGTH);
}
