import type { OperationOptions } from "../session/discovery.ts";
import type { RendezvousSession } from "../session/session.ts";
import { ChannelError, closed } from "./errors.ts";
import type { GeneratingHandshake } from "./lib/generating.ts";
import { SecureChannel, type Tokens } from "./secure-channel.ts";

/** How often a check code can be tried: a slip of the finger is forgiven, guessing is not worth it. */
export const CHECK_CODE_ATTEMPTS = 3;

/**
 * A channel from G to somebody who has seen the QR code: the user's other device, or an attacker who looked over the
 * shoulder. Only the check code tells, because S shows it only if the channel is its own; so there is nothing that can
 * be sent or received here.
 */
export class UnconfirmedChannel {
  readonly #session: RendezvousSession;
  readonly #tokens: Tokens;
  #handshake: GeneratingHandshake | undefined;
  #attemptsLeft: number = CHECK_CODE_ATTEMPTS;

  /** @internal */
  constructor(session: RendezvousSession, handshake: GeneratingHandshake, tokens: Tokens) {
    this.#session = session;
    this.#handshake = handshake;
    this.#tokens = tokens;
  }

  /** When the session ends, in Unix milliseconds of this device's clock. */
  get expiresAt(): number {
    return this.#session.expiresAt;
  }

  /**
   * Opens the channel. MSC4388 "7. Out-of-band confirmation".
   *
   * @param code what the user read on the other device and typed into this one
   * @throws ChannelError `wrong_check_code`; `closed` after the last attempt, or where the channel was opened before
   */
  confirm(code: string): SecureChannel {
    const handshake = this.#handshake;
    if (handshake === undefined) throw closed();
    this.#attemptsLeft -= 1;
    if (code.trim() === handshake.checkCode) {
      this.#handshake = undefined;
      return new SecureChannel(this.#session, handshake.cipher, this.#tokens);
    }
    if (this.#attemptsLeft === 0) this.#close();
    throw new ChannelError("wrong_check_code", "the check code does not match", this.#attemptsLeft);
  }

  /** For the user who sees no check code on the other device: ends the session. */
  async cancel(options: OperationOptions = {}): Promise<void> {
    this.#close();
    await this.#session.cancel(options);
  }

  #close(): void {
    this.#handshake?.cipher.wipe();
    this.#handshake = undefined;
  }
}
