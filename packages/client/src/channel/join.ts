import type { Intent, QrCode2025 } from "../qr/qr-code.ts";
import { type JoinSessionOptions, joinSession } from "../session/open.ts";
import type { RendezvousSession } from "../session/session.ts";
import { ChannelError } from "./errors.ts";
import type { ChannelCipher } from "./lib/cipher.ts";
import { ScanningHandshake } from "./lib/scanning.ts";
import { channelSuite } from "./lib/suite.ts";
import { authenticatedBaseUrl, type Profile } from "./profile.ts";
import { SecureChannel, type Tokens } from "./secure-channel.ts";

/** How to join the channel that a QR code offers. */
export interface JoinChannelOptions extends Omit<JoinSessionOptions, "baseUrl" | "id"> {
  /** What was scanned. */
  readonly qrCode: QrCode2025;
  /** What this device is: `new` where it wants to be signed in. The other device must be the other. */
  readonly intent: Intent;
  /** The profile, which both devices must speak. */
  readonly profile: Profile;
}

/** The channel of the device that scanned the QR code, S, which knows that it is secure. */
export class JoinedChannel extends SecureChannel {
  readonly #checkCode: string;

  /** @internal */
  constructor(session: RendezvousSession, cipher: ChannelCipher, tokens: Tokens, checkCode: string) {
    super(session, cipher, tokens);
    this.#checkCode = checkCode;
  }

  /** Two digits, to be shown with a mark of success: the user types them into the other device. */
  get checkCode(): string {
    return this.#checkCode;
  }
}

/**
 * Joins the channel that a QR code offers, as device S of MSC4388: once it resolves, show the check code. The rejected
 * handshake of a `refused` error must end in a plain warning: somebody may be in between.
 *
 * @throws ChannelError `unsuitable_code`, `in_use`, `refused`, `malformed`
 * @throws RendezvousError `expired`, …
 */
export async function joinChannel(options: JoinChannelOptions): Promise<JoinedChannel> {
  const { qrCode, intent, profile, signal } = options;
  const { baseUrl, rendezvousId, publicKey } = qrCode;
  if (qrCode.intent === intent) {
    throw new ChannelError("unsuitable_code", `both devices are ${intent}: one must be new, the other existing`);
  }
  const binding = { baseUrl: authenticatedBaseUrl(profile, baseUrl), rendezvousId };
  const session = await joinSession({ ...options, baseUrl, id: rendezvousId });
  const { data, sequenceToken: received } = session.latest;
  // MSC4388 "2. Create rendezvous session": with an empty payload. G answers the first who writes.
  if (data !== "") throw new ChannelError("in_use", "somebody else has scanned this QR code already");
  const input = { suite: channelSuite(), profile, binding, publicKey };
  const handshake = await ScanningHandshake.initiate(input, received);
  const { sequenceToken: written } = await session.send(handshake.wire, { signal });
  const answer = await session.receive({ signal });
  const { cipher, checkCode } = await handshake.finish(answer.data, written);
  return new JoinedChannel(session, cipher, { received: answer.sequenceToken, written }, checkCode);
}
