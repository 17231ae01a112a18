import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { additionalData } from "../src/channel/lib/binding.ts";
import type { ChannelCipher } from "../src/channel/lib/cipher.ts";
import { respond } from "../src/channel/lib/generating.ts";
import { ScanningHandshake } from "../src/channel/lib/scanning.ts";
import { channelSuite } from "../src/channel/lib/suite.ts";
import {
  bindingOf,
  fromBase64,
  fromHex,
  keyPairOfG,
  type Message,
  PROFILES,
  split,
  suiteOf,
  transcripts,
} from "./vectors.ts";

for (const profile of PROFILES) {
  for (const transcript of transcripts(profile)) {
    const binding = bindingOf(transcript);
    const { initiate, ok, rest } = split(transcript);

    test(`${profile}: "${transcript.name}", as G`, async () => {
      const responseNonce = fromHex(transcript.response_nonce_hex);
      const keyPair = await keyPairOfG(transcript);
      const input = { suite: channelSuite(), profile, binding, keyPair, responseNonce };
      const received = { wire: initiate.wire, openWith: initiate.token, sealWith: ok.token };
      const handshake = await respond(input, received);
      assert.equal(handshake.wire, ok.wire);
      assert.equal(handshake.checkCode, String(transcript.check_code));
      await repeat(handshake.cipher, "G", rest);
    });

    test(`${profile}: "${transcript.name}", as S`, async () => {
      const publicKey = fromBase64(transcript.g_public_key);
      const input = { suite: suiteOf(fromHex(transcript.s_ikm_hex)), profile, binding, publicKey };
      const handshake = await ScanningHandshake.initiate(input, initiate.token);
      assert.equal(handshake.wire, initiate.wire);
      const { cipher, checkCode } = await handshake.finish(ok.wire, ok.token);
      assert.equal(checkCode, String(transcript.check_code));
      await repeat(cipher, "S", rest);
    });

    test(`${profile}: "${transcript.name}" authenticates what it says`, () => {
      for (const message of transcript.messages) {
        assert.deepEqual(additionalData(binding, message.token), fromHex(message.aad_hex));
      }
    });
  }
}

/** Writes one side's messages and reads the other's. */
async function repeat(cipher: ChannelCipher, side: string, messages: readonly Message[]): Promise<void> {
  for (const { from, plaintext, token, wire } of messages) {
    if (from === side) assert.equal(await cipher.seal(plaintext, token), wire);
    else assert.equal(await cipher.open(wire, token), plaintext);
  }
}
