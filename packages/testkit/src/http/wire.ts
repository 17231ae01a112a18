import assert from "node:assert/strict";
import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { type Answer, neverBroken } from "./answer.ts";
import { NoAnswer } from "./exchange.ts";
import { join, parseResponse } from "./response.ts";

export interface WireOptions {
  /** The server; only its scheme, host and port matter. */
  readonly url: URL;
  /** Bound of every wait, in milliseconds. */
  readonly waitMs: number;
  /** Told every answer that arrives. */
  readonly observe: (answer: Answer) => void;
}

/** How much may have been received and not been asked for, in bytes; more is hung up on. */
const MAX_RECEIVED_BYTES = 4 * 1024 * 1024;

/** One connection on which anything can be sent, well-formed or not. */
export class Wire {
  readonly #socket: Socket;
  readonly #options: WireOptions;
  #received: Uint8Array = new Uint8Array();
  #ended = false;
  readonly #closed: Promise<void>;
  #wake: () => void = () => {};

  private constructor(socket: Socket, options: WireOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.setNoDelay(true);
    socket.on("data", (bytes: Uint8Array) => {
      if (this.#received.length > MAX_RECEIVED_BYTES) return void socket.destroy();
      this.#received = join([this.#received, bytes]);
      this.#wake();
    });
    this.#closed = new Promise((resolve) => {
      socket.once("close", () => resolve());
    });
    const ended = (): void => {
      this.#ended = true;
      this.#wake();
    };
    // A server that refuses what it has not read to its end resets the connection: that is a hang-up like any other.
    for (const event of ["end", "close", "error"]) socket.on(event, ended);
  }

  static async open(options: WireOptions): Promise<Wire> {
    const { url, waitMs } = options;
    const secure = url.protocol === "https:";
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const port = Number(url.port || (secure ? 443 : 80));
    const socket = secure
      ? connectTls({ host, port, servername: host, ALPNProtocols: ["http/1.1"] })
      : connectTcp({ host, port, allowHalfOpen: true });
    const opened = new Promise<void>((resolve, reject) => {
      socket.once(secure ? "secureConnect" : "connect", resolve);
      socket.once("error", (error) => reject(new NoAnswer(`no connection: ${error.message}`, { cause: error })));
    });
    await within(waitMs, "no connection", opened);
    return new Wire(socket, options);
  }

  /** Whether the server has hung up, as far as this end has noticed. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Sends; what the server no longer wants is dropped. */
  async write(data: string | Uint8Array): Promise<void> {
    if (this.#ended || this.#socket.destroyed) return;
    const written = new Promise<void>((resolve) => {
      this.#socket.write(data, () => resolve());
    });
    await within(this.#options.waitMs, "the server does not read", Promise.race([written, this.#closed]));
  }

  /** Sends each byte by itself. */
  async dribble(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
    for (let at = 0; at < bytes.length && !this.#ended; at += 1) {
      await this.write(bytes.subarray(at, at + 1));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Says that nothing more will be sent, and still listens. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Goes away without a word. */
  destroy(): void {
    this.#socket.destroy();
  }

  /** The next answer that is not interim. */
  async answer(method = "GET"): Promise<Answer> {
    const answer = await this.answerOrEnd(method);
    assert.ok(answer, "the server hung up without an answer");
    return answer;
  }

  /** The next answer that is not interim, or `undefined` where the server hangs up instead. */
  async answerOrEnd(method = "GET"): Promise<Answer | undefined> {
    for (;;) {
      const answer = await this.interimOrAnswer(method);
      if (answer === undefined || answer.status >= 200) return answer;
    }
  }

  /** The next answer, a `100 Continue` too; `undefined` where the server hangs up instead. */
  async interimOrAnswer(method = "GET"): Promise<Answer | undefined> {
    return within(this.#options.waitMs, "no answer", this.#next(method));
  }

  /** Waits for the server to hang up; it must not send anything more. */
  async end(): Promise<void> {
    const waiting = async (): Promise<void> => {
      while (!this.#ended) await this.#change();
    };
    await within(this.#options.waitMs, "the server does not hang up", waiting());
    assert.equal(this.#received.length, 0, "the server sent more than was asked for");
  }

  async #next(method: string): Promise<Answer | undefined> {
    for (;;) {
      const parsed = parseResponse(this.#received, method, this.#ended);
      if (parsed !== undefined) {
        this.#received = parsed.rest;
        neverBroken(parsed.answer);
        this.#options.observe(parsed.answer);
        return parsed.answer;
      }
      if (this.#ended) {
        assert.equal(this.#received.length, 0, "the server hung up in the middle of an answer");
        return undefined;
      }
      await this.#change();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

/** Fails with `what` if it takes longer than that. */
async function within<Value>(milliseconds: number, what: string, value: Promise<Value>): Promise<Value> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer(`${what} within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([value, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
