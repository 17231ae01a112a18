import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Binding } from "../src/channel/lib/binding.ts";
import { respond } from "../src/channel/lib/generating.ts";
import { ScanningHandshake } from "../src/channel/lib/scanning.ts";
import { channelSuite } from "../src/channel/lib/suite.ts";
import type { Profile } from "../src/channel/profile.ts";
import { encodeBase64 } from "../src/lib/base64.ts";
import {
  bindingOf,
  fromBase64,
  fromHex,
  keyPairOfG,
  PROFILES,
  split,
  suiteOf,
  type Transcript,
  transcripts,
} from "./vectors.ts";

const REFUSED = { name: "ChannelError", code: "refused" };

for (const profile of PROFILES) {
  const transcript = firstTranscript(profile);
  const binding = bindingOf(transcript);
  const { initiate, ok, rest } = split(transcript);

  /** G, about to receive S's first message. */
  async function startG(other: Binding = binding) {
    const responseNonce = fromHex(transcript.response_nonce_hex);
    const keyPair = await keyPairOfG(transcript);
    const input = { suite: channelSuite(), profile, binding: other, keyPair, responseNonce };
    return (wire: string, openWith = initiate.token) => respond(input, { wire, openWith, sealWith: ok.token });
  }

  /** S, which has written its first message and is about to receive G's. */
  async function startS(other: Binding = binding) {
    const publicKey = fromBase64(transcript.g_public_key);
    const suite = suiteOf(fromHex(transcript.s_ikm_hex));
    return ScanningHandshake.initiate({ suite, profile, binding: other, publicKey }, initiate.token);
  }

  test(`${profile}: a handshake message with any bit flipped is refused`, async () => {
    const open = await startG();
    for (const wire of flips(initiate.wire)) await assert.rejects(open(wire), REFUSED);
    const handshake = await startS();
    for (const wire of flips(ok.wire)) await assert.rejects(handshake.finish(wire, ok.token), REFUSED);
    // What was refused has used nothing up.
    await open(initiate.wire);
    await handshake.finish(ok.wire, ok.token);
  });

  test(`${profile}: a message with any bit flipped is refused, in both directions`, async () => {
    const { cipher: g } = await (await startG())(initiate.wire);
    const { cipher: s } = await (await startS()).finish(ok.wire, ok.token);
    for (const { from, plaintext, token, wire } of rest) {
      const [writer, reader] = from === "S" ? [s, g] : [g, s];
      assert.equal(await writer.seal(plaintext, token), wire);
      for (const flipped of flips(wire)) await assert.rejects(reader.open(flipped, token), REFUSED);
      assert.equal(await reader.open(wire, token), plaintext);
    }
  });

  test(`${profile}: a handshake message cut short or made longer is refused`, async () => {
    const open = await startG();
    for (const wire of cuts(initiate.wire)) await assert.rejects(open(wire), REFUSED);
    const handshake = await startS();
    for (const wire of cuts(ok.wire)) await assert.rejects(handshake.finish(wire, ok.token), REFUSED);
  });

  test(`${profile}: a message for another ID, base URL or token is refused`, async () => {
    const others = [
      { ...binding, rendezvousId: `${binding.rendezvousId}0` },
      { ...binding, baseUrl: `${binding.baseUrl}/` },
      // The same bytes one after the other, divided elsewhere: only the lengths tell.
      { baseUrl: `${binding.baseUrl}e`, rendezvousId: binding.rendezvousId.slice(1) },
    ];
    for (const other of others) {
      await assert.rejects((await startG(other))(initiate.wire), REFUSED);
      await assert.rejects((await startS(other)).finish(ok.wire, ok.token), REFUSED);
    }
    await assert.rejects((await startG())(initiate.wire, ok.token), REFUSED);
    await assert.rejects((await startS()).finish(ok.wire, initiate.token), REFUSED);
    const { cipher } = await (await startG())(initiate.wire);
    const [first] = rest;
    await assert.rejects(cipher.open(first?.wire ?? "", ok.token), REFUSED);
  });

  test(`${profile}: a message opens once and in its turn only`, async () => {
    const { cipher: g } = await (await startG())(initiate.wire);
    const [first, , third] = rest;
    assert.ok(first && third);
    await assert.rejects(g.open(third.wire, third.token), REFUSED);
    assert.equal(await g.open(first.wire, first.token), first.plaintext);
    for (const token of [first.token, third.token]) await assert.rejects(g.open(first.wire, token), REFUSED);
    assert.equal(await g.open(third.wire, third.token), third.plaintext);
  });

  test(`${profile}: a message is not taken for one of the other direction`, async () => {
    const { cipher: g } = await (await startG())(initiate.wire);
    const own = await g.seal("to S", ok.token);
    await assert.rejects(g.open(own, ok.token), REFUSED);
  });

  test(`${profile}: what is no message is malformed, or refused, and nothing else happens`, async () => {
    const open = await startG();
    const handshake = await startS();
    for (const wire of ["ä", "a", `${initiate.wire}=`, ` ${initiate.wire}`, "A".repeat(4097), "{}", "-_-_"]) {
      await assert.rejects(open(wire), { name: "ChannelError", code: "malformed" });
      await assert.rejects(handshake.finish(wire, ok.token), { name: "ChannelError", code: "malformed" });
    }
    for (const wire of ["", "AAAA"]) {
      await assert.rejects(open(wire), REFUSED);
      await assert.rejects(handshake.finish(wire, ok.token), REFUSED);
    }
  });

  test(`${profile}: public keys that give everybody the same secret are refused`, async () => {
    for (const hex of LOW_ORDER_POINTS) {
      const point = fromHex(hex);
      await assert.rejects((await startG())(encodeBase64(Uint8Array.from([...point, ...new Uint8Array(45)]))), REFUSED);
      const input = { suite: channelSuite(), profile, binding, publicKey: point };
      await assert.rejects(ScanningHandshake.initiate(input, "token"), { code: "unsuitable_code" });
    }
  });
}

test("A peer of the other profile is refused by S, before anything was said", async () => {
  const transcript = firstTranscript("msc");
  const input = {
    suite: suiteOf(fromHex(transcript.s_ikm_hex)),
    profile: "msc" as const,
    binding: bindingOf(transcript),
    publicKey: fromBase64(transcript.g_public_key),
  };
  const handshake = await ScanningHandshake.initiate(input, split(transcript).initiate.token);
  const { ok } = split(firstTranscript("vodozemac"));
  await assert.rejects(handshake.finish(ok.wire, ok.token), REFUSED);
});

// The points of RFC 7748 §6.1 with which X25519 gives zero, whatever the private key.
const LOW_ORDER_POINTS = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
  "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];

/** The message with each of its bits flipped in turn. */
function flips(wire: string): string[] {
  const bytes = fromBase64(wire);
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const flipped = bytes.slice();
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return encodeBase64(flipped);
  });
}

/** The message with every number of its last bytes missing, and with bytes appended. */
function cuts(wire: string): string[] {
  const bytes = fromBase64(wire);
  const shorter = Array.from(bytes, (_, length) => encodeBase64(bytes.subarray(0, length)));
  return [
    ...shorter,
    encodeBase64(Uint8Array.from([...bytes, 0])),
    encodeBase64(Uint8Array.from([...bytes, ...bytes])),
  ];
}

function firstTranscript(profile: Profile): Transcript {
  const [transcript] = transcripts(profile);
  if (transcript === undefined) throw new Error("there are no transcripts");
  return transcript;
}
