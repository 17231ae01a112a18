import { concatBytes } from "../../lib/bytes.ts";
import { encodeUtf8 } from "../../lib/text.ts";
import { ChannelError } from "../errors.ts";
import { type Profile, RESPONSE_LABELS } from "../profile.ts";
import { type Opener, open } from "./cipher.ts";
import { ResponseContext } from "./response-context.ts";
import { KEY_BYTES } from "./suite.ts";

export const INFO: Uint8Array = encodeUtf8("MATRIX_QR_CODE_LOGIN");
export const INITIATE: Uint8Array = encodeUtf8("MATRIX_QR_CODE_LOGIN_INITIATE");
export const OK: Uint8Array = encodeUtf8("MATRIX_QR_CODE_LOGIN_OK");

/** The first bytes of either handshake message: S's public key, or the response nonce. */
export const HEAD_BYTES: number = KEY_BYTES;

const CHECK_CODE_LABEL = encodeUtf8("MATRIX_QR_CODE_LOGIN_CHECKCODE");

/** The exporter of HPKE's context that S sends with, which G has too. */
export interface Exporter {
  Export(context: Uint8Array, length: number): Promise<Uint8Array>;
}

/** The public keys of the device that generated the QR code, G, and of the one that scanned it, S. */
export interface PublicKeys {
  readonly g: Uint8Array;
  readonly s: Uint8Array;
}

/** The context of what G sends to S. MSC4388 "5. Device G confirms". */
export async function responseContext(
  exporter: Exporter,
  profile: Profile,
  keys: PublicKeys,
  responseNonce: Uint8Array,
): Promise<ResponseContext> {
  const secret = await exporter.Export(encodeUtf8(RESPONSE_LABELS[profile]), KEY_BYTES);
  return ResponseContext.derive(secret, concatBytes(keys.s, responseNonce));
}

/** Two digits, 10 to 99. MSC4388 "6. Verification by Device S". */
export async function checkCode(exporter: Exporter, keys: PublicKeys): Promise<string> {
  const [first = 0, second = 0] = await exporter.Export(concatBytes(CHECK_CODE_LABEL, keys.g, keys.s), 2);
  return `${(first % 9) + 1}${second % 10}`;
}

/** Opens a handshake message, which must say exactly `expected`. @throws ChannelError `refused` */
export async function expect(
  opener: Opener,
  ciphertext: Uint8Array,
  aad: Uint8Array,
  expected: Uint8Array,
): Promise<void> {
  const plaintext = await open(opener, ciphertext, aad);
  if (plaintext.length === expected.length && plaintext.every((byte, index) => byte === expected[index])) return;
  throw new ChannelError("refused", "the handshake message does not say what it must");
}
