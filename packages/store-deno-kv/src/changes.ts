import { Watchers } from "@matrix-rendezvous/core";
import type { Kv, KvEntry } from "./kv.ts";
import { SESSION } from "./layout.ts";

/** How many keys Deno KV gives at a time. */
const MOST_KEYS = 10;

/** What Deno KV tells of one session, to all who wait for it. */
interface Feed {
  readonly reader: ReadableStreamDefaultReader<unknown>;
  waiting: number;
  ended: boolean;
  /** What a look found last; none yet is like none of them. */
  versionstamp?: string | null;
}

/** Wakes who waits for a session: when Deno KV tells of a change and, where it does not tell all, when a look finds one. */
export class Changes {
  readonly #kv: Kv;
  readonly #pollMs: number;
  readonly #watchers = new Watchers();
  readonly #feeds = new Map<string, Feed>();
  #polling = false;

  /** @param pollMs how often to look, in milliseconds; 0 for never */
  constructor(kv: Kv, pollMs: number) {
    this.#kv = kv;
    this.#pollMs = pollMs;
  }

  /** Resolves once a look says that the session has changed, nothing tells of it any more, or `signal` is aborted. */
  async wait(id: string, isUnchanged: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const feed = this.#join(id);
    try {
      while (!signal.aborted && !feed.ended) {
        if (!(await this.#watchers.waitWhile(id, isUnchanged, signal))) break;
      }
    } finally {
      feed.waiting -= 1;
      if (feed.waiting === 0) this.#end(id, feed);
    }
  }

  /** Ends every wait. */
  close(): void {
    for (const [id, feed] of [...this.#feeds]) this.#end(id, feed);
  }

  #join(id: string): Feed {
    const feed = this.#feeds.get(id) ?? this.#start(id);
    feed.waiting += 1;
    return feed;
  }

  #start(id: string): Feed {
    const feed: Feed = { reader: this.#kv.watch([[...SESSION, id]]).getReader(), waiting: 0, ended: false };
    this.#feeds.set(id, feed);
    void this.#listen(id, feed);
    if (this.#pollMs > 0 && !this.#polling) void this.#poll();
    return feed;
  }

  async #listen(id: string, feed: Feed): Promise<void> {
    try {
      while (!(await feed.reader.read()).done) this.#watchers.wake(id);
    } catch {
      // Who waits asks again, and learns what is wrong.
    }
    this.#end(id, feed);
  }

  #end(id: string, feed: Feed): void {
    if (feed.ended) return;
    feed.ended = true;
    this.#feeds.delete(id);
    feed.reader.cancel().catch(() => {});
    this.#watchers.wake(id);
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, this.#pollMs));
      const ids = [...this.#feeds.keys()];
      if (ids.length === 0) break;
      while (ids.length > 0) await this.#look(ids.splice(0, MOST_KEYS));
    }
    this.#polling = false;
  }

  async #look(ids: readonly string[]): Promise<void> {
    // Where it fails all are woken, and learn what is wrong.
    const entries = await this.#kv.getMany(ids.map((id) => [...SESSION, id])).catch((): KvEntry<unknown>[] => []);
    for (const [index, id] of ids.entries()) {
      const [feed, versionstamp] = [this.#feeds.get(id), entries[index]?.versionstamp];
      if (feed === undefined || (versionstamp !== undefined && feed.versionstamp === versionstamp)) continue;
      if (versionstamp !== undefined) feed.versionstamp = versionstamp;
      this.#watchers.wake(id);
    }
  }
}
