import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { KDF_HKDF_SHA256 } from "hpke";
import { encodeUtf8 } from "../../lib/text.ts";
import { KEY_BYTES, NONCE_BYTES } from "./suite.ts";

/**
 * HPKE's encryption context for the way back, from G to S, which HPKE itself does not have: keys as in RFC 9458 §4.4,
 * nonces counted as in RFC 9180 §5.2. It has no exporter, as MSC4388 "5. Device G confirms" demands.
 */
export class ResponseContext {
  readonly #baseNonce: Uint8Array;
  #key: Uint8Array | undefined;
  #sequence = 0;

  private constructor(key: Uint8Array, baseNonce: Uint8Array) {
    this.#key = key;
    this.#baseNonce = baseNonce;
  }

  /**
   * @param secret what S's context exports for the response
   * @param salt S's public key and the response nonce
   */
  static async derive(secret: Uint8Array, salt: Uint8Array): Promise<ResponseContext> {
    const hkdf = KDF_HKDF_SHA256();
    const prk = await hkdf.Extract(salt, secret);
    const key = await hkdf.Expand(prk, encodeUtf8("key"), KEY_BYTES);
    const baseNonce = await hkdf.Expand(prk, encodeUtf8("nonce"), NONCE_BYTES);
    secret.fill(0);
    prk.fill(0);
    return new ResponseContext(key, baseNonce);
  }

  async Seal(plaintext: Uint8Array, aad: Uint8Array): Promise<Uint8Array> {
    const sealed = this.#cipher(aad).encrypt(plaintext);
    this.#sequence += 1;
    return sealed;
  }

  /** @throws Error where the ciphertext is not the next one */
  async Open(ciphertext: Uint8Array, aad: Uint8Array): Promise<Uint8Array> {
    const plaintext = this.#cipher(aad).decrypt(ciphertext);
    this.#sequence += 1;
    return plaintext;
  }

  /** Overwrites the key; nothing can be sealed or opened afterwards. */
  wipe(): void {
    this.#key?.fill(0);
    this.#key = undefined;
  }

  #cipher(aad: Uint8Array): ReturnType<typeof chacha20poly1305> {
    if (this.#key === undefined) throw new Error("the key is wiped");
    return chacha20poly1305(this.#key, this.#nonce(), aad);
  }

  #nonce(): Uint8Array {
    const nonce = this.#baseNonce.slice();
    const tail = new DataView(nonce.buffer, NONCE_BYTES - 4);
    // A session ends within minutes: four bytes count more messages than can ever be sent.
    tail.setUint32(0, tail.getUint32(0) ^ this.#sequence);
    return nonce;
  }
}
