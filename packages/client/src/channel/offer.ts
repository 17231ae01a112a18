import { Exclusive } from "../lib/exclusive.ts";
import { encodeQrCode } from "../qr/encode.ts";
import type { Intent, QrCode2025 } from "../qr/qr-code.ts";
import type { OperationOptions } from "../session/discovery.ts";
import { createSession, type SessionOptions } from "../session/open.ts";
import type { RendezvousSession } from "../session/session.ts";
import { busy, closed } from "./errors.ts";
import { type GeneratingInput, respond } from "./lib/generating.ts";
import { channelSuite, KEY_BYTES } from "./lib/suite.ts";
import { authenticatedBaseUrl, type Profile } from "./profile.ts";
import { UnconfirmedChannel } from "./unconfirmed-channel.ts";

/** How to offer a channel by a QR code. */
export interface OfferChannelOptions extends SessionOptions {
  /** What this device is: `new` where it wants to be signed in. */
  readonly intent: Intent;
  /** The profile, which both devices must speak. */
  readonly profile: Profile;
  /** What the QR code starts with. @default "MATRIX" with the stable endpoint, else "IO_ELEMENT_MSC4388" */
  readonly prefix?: QrCode2025["prefix"] | undefined;
}

/** The offer of the device that shows the QR code, G: good for one channel. */
export class ChannelOffer {
  readonly #session: RendezvousSession;
  readonly #qrCode: Uint8Array;
  readonly #turn = new Exclusive(busy);
  #input: Omit<GeneratingInput, "responseNonce"> | undefined;

  /** @internal */
  constructor(session: RendezvousSession, qrCode: Uint8Array, input: Omit<GeneratingInput, "responseNonce">) {
    this.#session = session;
    this.#qrCode = qrCode;
    this.#input = input;
  }

  /** The bytes to draw, in binary mode with error correction level Q. Whoever sees them can take the offer. */
  get qrCode(): Uint8Array {
    return this.#qrCode.slice();
  }

  /** When the offer ends, in Unix milliseconds of this device's clock. */
  get expiresAt(): number {
    return this.#session.expiresAt;
  }

  /**
   * Waits until a device has scanned the QR code, and answers it. Who it is, nobody knows yet: see what it gives.
   *
   * @throws ChannelError `refused`, `malformed`: the offer is used up, show another; `busy`, `closed`
   * @throws RendezvousError and the signal's reason: as long as nobody has scanned it, `accept` can be called again
   */
  async accept(options: OperationOptions = {}): Promise<UnconfirmedChannel> {
    return this.#turn.run(async () => {
      if (this.#input === undefined) throw closed();
      const { sequenceToken: openWith } = this.#session.latest;
      const { data: wire, sequenceToken: sealWith } = await this.#session.receive(options);
      const input = this.#input;
      if (input === undefined) throw closed();
      // MSC4388 "5. Device G confirms": the private key is used once and then forgotten.
      this.#input = undefined;
      const responseNonce = crypto.getRandomValues(new Uint8Array(KEY_BYTES));
      const handshake = await respond({ ...input, responseNonce }, { wire, openWith, sealWith });
      const { sequenceToken: written } = await this.#session.send(handshake.wire, options);
      return new UnconfirmedChannel(this.#session, handshake, { received: sealWith, written });
    });
  }

  /** Takes the offer back, also while it waits. */
  async cancel(options: OperationOptions = {}): Promise<void> {
    this.#input = undefined;
    await this.#session.cancel(options);
  }
}

/**
 * Creates a session and a key, for a QR code that another device scans, as device G of MSC4388.
 *
 * @throws RendezvousError where no session can be created
 *
 * @example
 * ```ts
 * import { offerChannel } from "@matrix-rendezvous/client";
 *
 * async function show(draw: (qrCode: Uint8Array) => void, askForCheckCode: () => Promise<string>) {
 *   const offer = await offerChannel({ baseUrl: "https://example.org", intent: "new", profile: "msc" });
 *   draw(offer.qrCode);
 *   const unconfirmed = await offer.accept();
 *   const channel = unconfirmed.confirm(await askForCheckCode());
 *   console.log(await channel.receive()); // {"type":"m.login.protocols",…}
 * }
 * ```
 */
export async function offerChannel(options: OfferChannelOptions): Promise<ChannelOffer> {
  const { intent, profile, endpoint } = options;
  const prefix = options.prefix ?? (endpoint === "stable" ? "MATRIX" : "IO_ELEMENT_MSC4388");
  const authenticated = authenticatedBaseUrl(profile, options.baseUrl);
  const suite = channelSuite();
  const keyPair = await suite.GenerateKeyPair(false);
  // MSC4388 "2. Create rendezvous session": with an empty payload.
  const session = await createSession({ ...options, data: "" });
  const { id: rendezvousId, baseUrl } = session;
  const publicKey = await suite.SerializePublicKey(keyPair.publicKey);
  const qrCode = encodeQrCode({ version: "2025", prefix, intent, publicKey, rendezvousId, baseUrl });
  const binding = { baseUrl: authenticated, rendezvousId };
  return new ChannelOffer(session, qrCode, { suite, profile, binding, keyPair });
}
