/** The vector files, typed, and what it takes to make both sides of a handshake repeat one. */
import { KEM_DHKEM_X25519_HKDF_SHA256 } from "hpke";
import type { Binding } from "../src/channel/lib/binding.ts";
import { type ChannelKeyPair, type ChannelSuite, channelSuite } from "../src/channel/lib/suite.ts";
import type { Profile } from "../src/channel/profile.ts";
import { decodeBase64 } from "../src/lib/base64.ts";
import qrVectors from "./vectors/qr.json" with { type: "json" };
import channelVectors from "./vectors/secure-channel.json" with { type: "json" };

export const PROFILES: readonly Profile[] = ["msc", "vodozemac"];
export const { good, bad } = qrVectors;

export type Transcript = (typeof channelVectors.profiles.msc)[number];
export type Message = Transcript["messages"][number];

export function transcripts(profile: Profile): readonly Transcript[] {
  return channelVectors.profiles[profile];
}

export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromBase64(text: string): Uint8Array {
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw new Error(`not base64: ${text}`);
  return bytes;
}

/** The vectors' base URLs are those that are authenticated, whatever the profile makes of one in a QR code. */
export function bindingOf(transcript: Transcript): Binding {
  return { baseUrl: transcript.base_url, rendezvousId: transcript.rendezvous_id };
}

/** The key pair that G put into the QR code. */
export async function keyPairOfG(transcript: Transcript): Promise<ChannelKeyPair> {
  const suite = channelSuite();
  return {
    publicKey: await suite.DeserializePublicKey(fromBase64(transcript.g_public_key)),
    privateKey: await suite.DeserializePrivateKey(fromHex(transcript.g_private_key_hex), false),
  };
}

/** A suite whose only ephemeral key pair is the one that `ikm` gives. */
export function suiteOf(ikm: Uint8Array): ChannelSuite {
  const kem = KEM_DHKEM_X25519_HKDF_SHA256();
  return channelSuite(() => ({ ...kem, GenerateKeyPair: (extractable) => kem.DeriveKeyPair(ikm, extractable) }));
}

/** The messages of a transcript; the first two are the handshake's. */
export function split(transcript: Transcript): { initiate: Message; ok: Message; rest: readonly Message[] } {
  const [initiate, ok, ...rest] = transcript.messages;
  if (initiate === undefined || ok === undefined) throw new Error("the transcript has no handshake");
  return { initiate, ok, rest };
}
