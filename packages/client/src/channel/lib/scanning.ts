import type { SenderContext } from "hpke";
import { encodeBase64 } from "../../lib/base64.ts";
import { concatBytes } from "../../lib/bytes.ts";
import { ChannelError } from "../errors.ts";
import type { Profile } from "../profile.ts";
import { additionalData, type Binding } from "./binding.ts";
import { ChannelCipher, decodeWire, refused } from "./cipher.ts";
import { checkCode, expect, HEAD_BYTES, INFO, INITIATE, OK, type PublicKeys, responseContext } from "./handshake.ts";
import type { ChannelSuite } from "./suite.ts";

export interface ScanningInput {
  readonly suite: ChannelSuite;
  readonly profile: Profile;
  readonly binding: Binding;
  /** G's key, out of the QR code. */
  readonly publicKey: Uint8Array;
}

/** S's side of the handshake. MSC4388 "4. Device S sends the initial payload" and "6. Verification by Device S". */
export class ScanningHandshake {
  /** The LoginInitiateMessage. */
  readonly wire: string;
  readonly #input: ScanningInput;
  readonly #keys: PublicKeys;
  readonly #context: SenderContext;

  private constructor(input: ScanningInput, wire: string, keys: PublicKeys, context: SenderContext) {
    this.wire = wire;
    this.#input = input;
    this.#keys = keys;
    this.#context = context;
  }

  /**
   * @param sequenceToken the token that came with the empty payload
   * @throws ChannelError `unsuitable_code`
   */
  static async initiate(input: ScanningInput, sequenceToken: string): Promise<ScanningHandshake> {
    const { suite, binding, publicKey } = input;
    const { encapsulatedSecret, ctx } = await setup(suite, publicKey);
    const sealed = await ctx.Seal(INITIATE, additionalData(binding, sequenceToken));
    const wire = encodeBase64(concatBytes(encapsulatedSecret, sealed));
    return new ScanningHandshake(input, wire, { g: publicKey, s: encapsulatedSecret }, ctx);
  }

  /**
   * Opens the LoginOkMessage: only G, who has the QR code's key, can have written it, and only for this device.
   *
   * @param sequenceToken the token that writing the LoginInitiateMessage gave
   * @throws ChannelError `malformed`, `refused`
   */
  async finish(wire: string, sequenceToken: string): Promise<{ cipher: ChannelCipher; checkCode: string }> {
    const { profile, binding } = this.#input;
    const message = decodeWire(wire);
    if (message.length < HEAD_BYTES) throw refused();
    const response = await responseContext(this.#context, profile, this.#keys, message.subarray(0, HEAD_BYTES));
    await expect(response, message.subarray(HEAD_BYTES), additionalData(binding, sequenceToken), OK);
    const cipher = new ChannelCipher(binding, this.#context, response);
    return { cipher, checkCode: await checkCode(this.#context, this.#keys) };
  }
}

async function setup(suite: ChannelSuite, publicKey: Uint8Array): ReturnType<ChannelSuite["SetupSender"]> {
  try {
    return await suite.SetupSender(await suite.DeserializePublicKey(publicKey), { info: INFO });
  } catch {
    // A point with which everybody would know the shared secret.
    throw new ChannelError("unsuitable_code", "the key in the QR code cannot be used");
  }
}
