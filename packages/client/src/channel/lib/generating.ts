import { encodeBase64 } from "../../lib/base64.ts";
import { concatBytes } from "../../lib/bytes.ts";
import type { Profile } from "../profile.ts";
import { additionalData, type Binding } from "./binding.ts";
import { ChannelCipher, decodeWire, refused } from "./cipher.ts";
import { checkCode, expect, HEAD_BYTES, INFO, INITIATE, OK, responseContext } from "./handshake.ts";
import type { ChannelKeyPair, ChannelSuite } from "./suite.ts";

/** How G sees its handshake message, and what comes of it. */
export interface GeneratingHandshake {
  /** The LoginOkMessage. */
  readonly wire: string;
  readonly cipher: ChannelCipher;
  readonly checkCode: string;
}

export interface GeneratingInput {
  readonly suite: ChannelSuite;
  readonly profile: Profile;
  readonly binding: Binding;
  /** The key of the QR code. */
  readonly keyPair: ChannelKeyPair;
  /** 32 fresh random bytes. */
  readonly responseNonce: Uint8Array;
}

/** What G has received, and with which tokens. */
export interface LoginInitiate {
  readonly wire: string;
  /** The token that creating the session gave. */
  readonly openWith: string;
  /** The token that came with the message. */
  readonly sealWith: string;
}

/**
 * G's side of the handshake: opens the LoginInitiateMessage and answers it. MSC4388 "5. Device G confirms".
 *
 * @throws ChannelError `malformed`, `refused`
 */
export async function respond(input: GeneratingInput, received: LoginInitiate): Promise<GeneratingHandshake> {
  const { suite, profile, binding, keyPair, responseNonce } = input;
  const message = decodeWire(received.wire);
  const sharedBy = message.subarray(0, HEAD_BYTES);
  const context = await suite.SetupRecipient(keyPair, sharedBy, { info: INFO }).catch(() => {
    // Too short, or a point with which everybody would know the shared secret.
    throw refused();
  });
  await expect(context, message.subarray(HEAD_BYTES), additionalData(binding, received.openWith), INITIATE);
  const keys = { g: await suite.SerializePublicKey(keyPair.publicKey), s: sharedBy };
  const response = await responseContext(context, profile, keys, responseNonce);
  const sealed = await response.Seal(OK, additionalData(binding, received.sealWith));
  return {
    wire: encodeBase64(concatBytes(responseNonce, sealed)),
    cipher: new ChannelCipher(binding, response, context),
    checkCode: await checkCode(context, keys),
  };
}
