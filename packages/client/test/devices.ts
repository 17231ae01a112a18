/** Two devices and the channel between them, over the real server. */
import {
  type JoinChannelOptions,
  type JoinedChannel,
  joinChannel,
  type OfferChannelOptions,
  offerChannel,
  type Profile,
  type SecureChannel,
} from "../src/channel/index.ts";
import { decodeQrCode, type Intent, type QrCode2025 } from "../src/qr/index.ts";

export interface Devices {
  readonly g: SecureChannel;
  readonly s: JoinedChannel;
}

type Common = Omit<OfferChannelOptions & JoinChannelOptions, "intent" | "profile" | "qrCode" | "prefix">;

/** What a camera and a decoder make of the picture. */
export function scan(bytes: Uint8Array): QrCode2025 {
  const decoded = decodeQrCode(bytes);
  if (!decoded.ok) throw decoded.error;
  if (decoded.value.version !== "2025") throw new Error(`a code of the ${decoded.value.version} version`);
  return decoded.value;
}

export function other(intent: Intent): Intent {
  return intent === "new" ? "existing" : "new";
}

/** The whole handshake, in which the user types the code off one device into the other. */
export async function connectDevices(options: Common, profile: Profile, intent: Intent = "new"): Promise<Devices> {
  const offer = await offerChannel({ ...options, profile, intent });
  const qrCode = scan(offer.qrCode);
  const [unconfirmed, s] = await Promise.all([
    offer.accept(),
    joinChannel({ ...options, qrCode, profile, intent: other(intent) }),
  ]);
  return { g: unconfirmed.confirm(s.checkCode), s };
}
