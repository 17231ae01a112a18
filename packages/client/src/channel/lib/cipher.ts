import { decodeBase64, encodeBase64 } from "../../lib/base64.ts";
import { MAX_PAYLOAD_BYTES } from "../../lib/limits.ts";
import { decodeUtf8, encodeUtf8 } from "../../lib/text.ts";
import { ChannelError } from "../errors.ts";
import { additionalData, type Binding } from "./binding.ts";
import { TAG_BYTES } from "./suite.ts";

/** HPKE's context of the side that writes. */
export interface Sealer {
  Seal(plaintext: Uint8Array, aad: Uint8Array): Promise<Uint8Array>;
  /** The library's contexts do not have it: they can only be forgotten. */
  wipe?(): void;
}

/** HPKE's context of the side that reads. */
export interface Opener {
  Open(ciphertext: Uint8Array, aad: Uint8Array): Promise<Uint8Array>;
  /** See {@link Sealer.wipe}. */
  wipe?(): void;
}

/** Largest message that fits into a payload once it is sealed and in base64, in bytes of UTF-8. */
export const MAX_MESSAGE_BYTES: number = (MAX_PAYLOAD_BYTES / 4) * 3 - TAG_BYTES;

/** Both directions of an established channel. */
export class ChannelCipher {
  readonly #binding: Binding;
  readonly #sealer: Sealer;
  readonly #opener: Opener;

  constructor(binding: Binding, sealer: Sealer, opener: Opener) {
    this.#binding = binding;
    this.#sealer = sealer;
    this.#opener = opener;
  }

  /** @throws ChannelError `too_large`, `invalid_message`; the message then counts for nothing */
  async seal(message: string, sequenceToken: string): Promise<string> {
    if (!message.isWellFormed()) throw new ChannelError("invalid_message", "the message has a lone surrogate");
    const plaintext = encodeUtf8(message);
    if (plaintext.length > MAX_MESSAGE_BYTES) {
      const problem = `the message is ${plaintext.length} bytes, over the limit of ${MAX_MESSAGE_BYTES}`;
      throw new ChannelError("too_large", problem);
    }
    return encodeBase64(await this.#sealer.Seal(plaintext, additionalData(this.#binding, sequenceToken)));
  }

  /** @throws ChannelError `refused`, `malformed` */
  async open(wire: string, sequenceToken: string): Promise<string> {
    const plaintext = await open(this.#opener, decodeWire(wire), additionalData(this.#binding, sequenceToken));
    const message = decodeUtf8(plaintext);
    if (message === undefined) throw new ChannelError("malformed", "the message is not UTF-8");
    return message;
  }

  /** Overwrites the keys that can be overwritten; nothing can be sealed or opened afterwards. */
  wipe(): void {
    this.#sealer.wipe?.();
    this.#opener.wipe?.();
  }
}

/** The bytes of a received payload. @throws ChannelError `malformed` */
export function decodeWire(wire: string): Uint8Array {
  const bytes = wire.length <= MAX_PAYLOAD_BYTES ? decodeBase64(wire) : undefined;
  if (bytes === undefined) throw new ChannelError("malformed", "the payload is not unpadded base64 of legal length");
  return bytes;
}

/** @throws ChannelError `refused` */
export async function open(opener: Opener, ciphertext: Uint8Array, aad: Uint8Array): Promise<Uint8Array> {
  try {
    return await opener.Open(ciphertext, aad);
  } catch {
    // Why is not told: there is one answer to a message that does not authenticate.
    throw refused();
  }
}

export function refused(): ChannelError {
  return new ChannelError("refused", "the message does not authenticate");
}
