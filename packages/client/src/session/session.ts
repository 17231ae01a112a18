import { Exclusive } from "../lib/exclusive.ts";
import { MAX_PAYLOAD_BYTES } from "../lib/limits.ts";
import { encodeUtf8 } from "../lib/text.ts";
import type { Connection } from "./connection.ts";
import type { Extensions, OperationOptions } from "./discovery.ts";
import { RendezvousError } from "./errors.ts";
import { type ApiRequest, persist } from "./request.ts";
import { success } from "./responses.ts";

/** What the session's slot holds, or held when it was last seen. */
export interface Payload {
  /** At most 4,096 bytes of UTF-8. */
  readonly data: string;
  /** Opaque, 1 to 255 bytes; differs from that of every other payload of the session. */
  readonly sequenceToken: string;
}

/** How a session polls. */
export interface Polling {
  readonly intervalMs: number;
  readonly extensions: Promise<Extensions>;
}

/** How many times longer than the first pause between two polls the pauses become. */
const SLOWEST = 2;
const SLOWER = 1.1;
/** Proxies give up on requests that take longer than some 30 s. */
const LONGEST_HOLD_MS = 25_000;
/** How long to try to cancel, in milliseconds: the session ends by itself, too. */
const CANCEL_PATIENCE_MS = 10_000;

/**
 * A rendezvous session of the 2025 version (MSC4388): one slot on a homeserver that two devices overwrite in turn. Made
 * by `createSession` and `joinSession`. Neither end is authenticated, and the server reads everything: see the secure
 * channel.
 */
export class RendezvousSession {
  readonly #connection: Connection;
  readonly #polling: Polling;
  readonly #id: string;
  // The slot has no memory: of two operations at once, neither could tell what the other one did from the peer's.
  readonly #turn = new Exclusive(() => new RendezvousError("busy", "the session is still sending or receiving"));
  #latest: Payload;
  #expiresAt: number;

  /** @internal */
  constructor(connection: Connection, polling: Polling, id: string, latest: Payload, expiresAt: number) {
    this.#connection = connection;
    this.#polling = polling;
    this.#id = id;
    this.#latest = latest;
    this.#expiresAt = expiresAt;
  }

  /** The session's only secret: whoever has it reads, overwrites and cancels. Never log it. */
  get id(): string {
    return this.#id;
  }

  /** As it was given. */
  get baseUrl(): string {
    return this.#connection.baseUrl;
  }

  /** What was last sent or received. */
  get latest(): Payload {
    return this.#latest;
  }

  /** When the session ends, in Unix milliseconds of this device's clock, as the server last said. */
  get expiresAt(): number {
    return this.#expiresAt;
  }

  /**
   * Replaces the slot's content, if nobody else did since it was last seen. A request whose answer is lost is sent
   * again, byte for byte, and counts once; MSC4388 "The send mechanism".
   *
   * @param data at most 4,096 bytes of UTF-8
   * @returns what the slot now holds
   * @throws RendezvousError `conflict` where somebody did, `too_large`, `expired`, …
   */
  async send(data: string, options: OperationOptions = {}): Promise<Payload> {
    checkPayload(data);
    return this.#exclusively(options, async (signal) => {
      const { transactionIds } = await this.#polling.extensions;
      const body = JSON.stringify({ sequence_token: this.#latest.sequenceToken, data });
      const suffix = transactionIds ? `/${transactionId()}` : "";
      const answer = await this.#request({ method: "PUT", body }, suffix, this.#expiresAt, signal);
      this.#latest = { data, sequenceToken: success(answer).sequenceToken };
      return this.#latest;
    });
  }

  /**
   * Waits until the slot holds something else than what was last seen or sent. Long-polls where the server offers it.
   *
   * @throws RendezvousError `expired` where the session ends first, …
   */
  async receive(options: OperationOptions = {}): Promise<Payload> {
    return this.#exclusively(options, async (signal) => {
      const { clock } = this.#connection;
      const { intervalMs } = this.#polling;
      for (let interval = intervalMs; ; interval = Math.min(interval * SLOWER, intervalMs * SLOWEST)) {
        const askedAt = clock.now();
        const payload = await this.#read(signal);
        if (payload.sequenceToken !== this.#latest.sequenceToken) {
          this.#latest = payload;
          return payload;
        }
        // A server that holds the request has used up the pause; one that answers at once must not be asked at once.
        const pause = interval - (clock.now() - askedAt);
        if (pause > 0) await clock.sleep(pause, signal);
      }
    });
  }

  /**
   * Ends the session for both devices, also while it sends or receives. Resolves where it had ended already.
   *
   * @throws RendezvousError where the server cannot be told; the session then ends when its time is over
   */
  async cancel(options: OperationOptions = {}): Promise<void> {
    const { signal = new AbortController().signal } = options;
    const deadline = Math.min(this.#expiresAt, this.#connection.clock.now() + CANCEL_PATIENCE_MS);
    const answer = await this.#request({ method: "DELETE" }, "", deadline, signal);
    if (answer.status !== 404) success(answer);
  }

  async #read(signal: AbortSignal): Promise<Payload> {
    const { clock } = this.#connection;
    const { longPollMs } = await this.#polling.extensions;
    const holdMs = Math.floor(Math.min(longPollMs, LONGEST_HOLD_MS, Math.max(0, this.#expiresAt - clock.now())));
    const query = `?since=${encodeURIComponent(this.#latest.sequenceToken)}&timeout=${holdMs}`;
    const request = { method: "GET", holdMs } as const;
    const body = success(await this.#request(request, holdMs > 0 ? query : "", this.#expiresAt, signal));
    const { data, sequenceToken } = body;
    this.#expiresAt = clock.now() + body.expiresInMs;
    return { data, sequenceToken };
  }

  #request(
    request: Omit<ApiRequest, "path">,
    suffix: string,
    deadline: number,
    signal: AbortSignal,
  ): ReturnType<typeof persist> {
    const path = `/${this.#id}${suffix}`;
    return persist(this.#connection, { ...request, path, secret: this.#id }, deadline, signal);
  }

  #exclusively<T>(options: OperationOptions, operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { signal = new AbortController().signal } = options;
    return this.#turn.run(() => operation(signal));
  }
}

/** @throws RendezvousError where `data` cannot be a payload */
export function checkPayload(data: string): void {
  if (!data.isWellFormed()) throw new RendezvousError("invalid_payload", "the payload has a lone surrogate");
  const { length } = encodeUtf8(data);
  if (length <= MAX_PAYLOAD_BYTES) return;
  throw new RendezvousError("too_large", `the payload is ${length} bytes, over the limit of ${MAX_PAYLOAD_BYTES}`);
}

/** Both devices' transaction IDs share one session: only chance keeps them apart. */
function transactionId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
