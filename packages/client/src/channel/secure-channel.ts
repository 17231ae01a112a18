import { Exclusive } from "../lib/exclusive.ts";
import type { OperationOptions } from "../session/discovery.ts";
import type { RendezvousSession } from "../session/session.ts";
import { busy, closed } from "./errors.ts";
import type { ChannelCipher } from "./lib/cipher.ts";

/** The sequence tokens that a channel's next messages are bound to. MSC4388 "Secure operations". */
export interface Tokens {
  /** What came with the payload last received: the next message is sealed with it. */
  readonly received: string;
  /** What the own last write gave: the peer's next message is opened with it. */
  readonly written: string;
}

/**
 * An established channel to the other device, over a rendezvous session that everybody can read and overwrite: what
 * arrives is what the other device sent, in order, and nobody else can read it. Messages go to and fro: after sending,
 * wait for the answer before sending again, or the first message may be overwritten unread.
 *
 * Any error of `send`, and any message that does not authenticate, closes the channel for good.
 */
export class SecureChannel {
  readonly #session: RendezvousSession;
  readonly #turn = new Exclusive(busy);
  #cipher: ChannelCipher | undefined;
  #tokens: Tokens;

  /** @internal */
  constructor(session: RendezvousSession, cipher: ChannelCipher, tokens: Tokens) {
    this.#session = session;
    this.#cipher = cipher;
    this.#tokens = tokens;
  }

  /** When the session ends, in Unix milliseconds of this device's clock. */
  get expiresAt(): number {
    return this.#session.expiresAt;
  }

  /**
   * Sends a message, such as `encodeSignInMessage` gives.
   *
   * @param message at most `MAX_MESSAGE_BYTES` of UTF-8
   * @throws ChannelError `too_large`, `invalid_message`, `busy`: the channel goes on; `closed`
   * @throws RendezvousError and the signal's reason: whether the message arrived is unknown, and the channel is closed
   */
  async send(message: string, options: OperationOptions = {}): Promise<void> {
    await this.#turn.run(async () => {
      const wire = await this.#open().seal(message, this.#tokens.received);
      // A sealed message can be sent again, but neither be sealed again nor left out: the peer counts.
      const { sequenceToken } = await this.#orClose(() => this.#session.send(wire, options));
      this.#tokens = { ...this.#tokens, written: sequenceToken };
    });
  }

  /**
   * Waits for the other device's next message.
   *
   * @throws ChannelError `refused`, `malformed`: the channel is closed; `busy`, `closed`
   * @throws RendezvousError and the signal's reason: nothing is lost, and `receive` can be called again
   */
  async receive(options: OperationOptions = {}): Promise<string> {
    return this.#turn.run(async () => {
      this.#open();
      const { data, sequenceToken } = await this.#session.receive(options);
      const message = await this.#orClose(() => this.#open().open(data, this.#tokens.written));
      this.#tokens = { ...this.#tokens, received: sequenceToken };
      return message;
    });
  }

  /**
   * Closes the channel and ends its session, also while it sends or receives. The other device learns only that the
   * session is gone; to say why, send `m.login.failure` first.
   */
  async cancel(options: OperationOptions = {}): Promise<void> {
    this.#close();
    await this.#session.cancel(options);
  }

  #close(): void {
    this.#cipher?.wipe();
    this.#cipher = undefined;
  }

  #open(): ChannelCipher {
    if (this.#cipher === undefined) throw closed();
    return this.#cipher;
  }

  async #orClose<T>(operation: () => Promise<T>): Promise<T> {
    try {
      return await operation();
    } catch (error) {
      this.#close();
      throw error;
    }
  }
}
