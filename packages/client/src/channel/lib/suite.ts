import { chacha20poly1305 } from "@noble/ciphers/chacha.js";
import { type AEAD, CipherSuite, KDF_HKDF_SHA256, KEM_DHKEM_X25519_HKDF_SHA256 } from "hpke";

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

export type Kem = typeof KEM_DHKEM_X25519_HKDF_SHA256;
export type ChannelSuite = CipherSuite<Awaited<ReturnType<ReturnType<Kem>["GenerateKeyPair"]>>["publicKey"]>;
export type ChannelKeyPair = Awaited<ReturnType<ChannelSuite["GenerateKeyPair"]>>;

/** ChaCha20-Poly1305, not taken from the platform: browsers' Web Cryptography does not have it. */
const chaCha20Poly1305 = (): AEAD => ({
  id: 0x0003,
  type: "AEAD",
  name: "ChaCha20Poly1305",
  Nk: KEY_BYTES,
  Nn: NONCE_BYTES,
  Nt: TAG_BYTES,
  Seal: async (key, nonce, aad, plaintext) => chacha20poly1305(key, nonce, aad).encrypt(plaintext),
  Open: async (key, nonce, aad, ciphertext) => chacha20poly1305(key, nonce, aad).decrypt(ciphertext),
});

/**
 * The suite of MSC4388 "Secure channel": RFC 9180 with X25519, HKDF-SHA256 and ChaCha20-Poly1305.
 *
 * @param kem where key pairs come from; tests have one that gives known pairs
 */
export function channelSuite(kem: Kem = KEM_DHKEM_X25519_HKDF_SHA256): ChannelSuite {
  return new CipherSuite(kem, KDF_HKDF_SHA256, chaCha20Poly1305);
}
