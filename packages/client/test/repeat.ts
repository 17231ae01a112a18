/** Plays one side of a transcript, with the randomness of the transcript. */
import type { ChannelCipher } from "../src/channel/lib/cipher.ts";
import { respond } from "../src/channel/lib/generating.ts";
import { ScanningHandshake } from "../src/channel/lib/scanning.ts";
import { channelSuite } from "../src/channel/lib/suite.ts";
import type { Profile } from "../src/channel/profile.ts";
import {
  bindingOf,
  fromBase64,
  fromHex,
  keyPairOfG,
  type Message,
  split,
  suiteOf,
  type Transcript,
} from "./vectors.ts";

/** What one side shows and writes, and what it reads. */
export interface Played {
  readonly checkCode: string;
  readonly written: readonly string[];
  readonly read: readonly string[];
}

/** What must come of playing a side. */
export function expected(transcript: Transcript, side: "G" | "S"): Played {
  const { rest } = split(transcript);
  const written = transcript.messages.filter(({ from }) => from === side).map(({ wire }) => wire);
  const read = rest.filter(({ from }) => from !== side).map(({ plaintext }) => plaintext);
  return { checkCode: String(transcript.check_code), written, read };
}

export async function play(transcript: Transcript, side: "G" | "S", profile: Profile): Promise<Played> {
  return side === "G" ? playG(transcript, profile) : playS(transcript, profile);
}

async function playG(transcript: Transcript, profile: Profile): Promise<Played> {
  const { initiate, ok, rest } = split(transcript);
  const responseNonce = fromHex(transcript.response_nonce_hex);
  const keyPair = await keyPairOfG(transcript);
  const input = { suite: channelSuite(), profile, binding: bindingOf(transcript), keyPair, responseNonce };
  const received = { wire: initiate.wire, openWith: initiate.token, sealWith: ok.token };
  const { wire, cipher, checkCode } = await respond(input, received);
  return converse({ checkCode, written: [wire], read: [] }, cipher, "G", rest);
}

async function playS(transcript: Transcript, profile: Profile): Promise<Played> {
  const { initiate, ok, rest } = split(transcript);
  const suite = suiteOf(fromHex(transcript.s_ikm_hex));
  const publicKey = fromBase64(transcript.g_public_key);
  const input = { suite, profile, binding: bindingOf(transcript), publicKey };
  const handshake = await ScanningHandshake.initiate(input, initiate.token);
  const { cipher, checkCode } = await handshake.finish(ok.wire, ok.token);
  return converse({ checkCode, written: [handshake.wire], read: [] }, cipher, "S", rest);
}

async function converse(
  handshake: Played,
  cipher: ChannelCipher,
  side: string,
  messages: readonly Message[],
): Promise<Played> {
  const written = [...handshake.written];
  const read: string[] = [];
  for (const { from, plaintext, token, wire } of messages) {
    if (from === side) written.push(await cipher.seal(plaintext, token));
    else read.push(await cipher.open(wire, token));
  }
  return { ...handshake, written, read };
}
