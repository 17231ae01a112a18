import { Watchers } from "@matrix-rendezvous/core";
import type { Redis } from "ioredis";

/** How often the connection is tried while somebody waits, in milliseconds: silence looks the same when it is lost. */
const PING_MS = 2000;

/** Hears of changes on channels that somebody waits on, over one connection, opened when the first does. */
export class Subscriber {
  readonly #open: () => Redis;
  readonly #watchers = new Watchers();
  readonly #waiting = new Map<string, number>();
  readonly #subscribed = new Map<string, Promise<unknown>>();
  #connection: Redis | undefined;

  /** @param open gives a connection that ends when it is lost */
  constructor(open: () => Redis) {
    this.#open = open;
  }

  /**
   * Resolves when something is told on the channel, or may have been, or `signal` is aborted.
   *
   * @param isUnchanged subscribes, and then finds out whether there is anything to wait for
   */
  async wait(channel: string, isUnchanged: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    this.#count(channel, 1);
    try {
      await this.#watchers.waitWhile(channel, isUnchanged, signal);
    } finally {
      this.#count(channel, -1);
    }
  }

  /** Resolves once the server tells us what happens on this channel; rejects where it cannot be asked. */
  subscribe(channel: string): Promise<unknown> {
    this.#connection ??= this.#connect();
    const subscribed = this.#subscribed.get(channel) ?? this.#connection.subscribe(channel);
    this.#subscribed.set(channel, subscribed);
    return subscribed;
  }

  /** Ends every wait. */
  close(): void {
    this.#connection?.disconnect();
    this.#forget();
  }

  #connect(): Redis {
    const connection = this.#open();
    const ping = setInterval(() => {
      if (this.#subscribed.size > 0) connection.ping().catch(() => {});
    }, PING_MS);
    connection.on("message", (channel) => this.#watchers.wake(channel));
    connection.once("end", () => {
      clearInterval(ping);
      if (this.#connection === connection) this.#forget();
    });
    return connection;
  }

  /** Something may have been told while nobody heard it, so everybody has to look. */
  #forget(): void {
    this.#connection = undefined;
    this.#subscribed.clear();
    this.#watchers.wakeAll();
  }

  #count(channel: string, change: 1 | -1): void {
    const waiting = (this.#waiting.get(channel) ?? 0) + change;
    if (waiting > 0) return void this.#waiting.set(channel, waiting);
    this.#waiting.delete(channel);
    // In order with a subscription that comes after it, and of no importance where it fails.
    if (this.#subscribed.delete(channel)) this.#connection?.unsubscribe(channel).catch(() => {});
  }
}
