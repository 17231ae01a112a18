import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { channelSuite } from "../src/channel/lib/suite.ts";
import { fromHex, suiteOf } from "./vectors.ts";

// RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, base mode.
const INFO = fromHex("4f6465206f6e2061204772656369616e2055726e");
const IKM_E = fromHex("909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b");
const IKM_R = fromHex("1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df");
const ENC = "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a";
const PLAINTEXT = fromHex("4265617574792069732074727574682c20747275746820626561757479");
const SEALED: Readonly<Record<number, string>> = {
  0: "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
  1: "6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98c",
  2: "71146bd6795ccc9c49ce25dda112a48f202ad220559502cef1f34271e0cb4b02b4f10ecac6f48c32f878fae86b",
  4: "63357a2aa291f5a4e5f27db6baa2af8cf77427c7c1a909e0b37214dd47db122bb153495ff0b02e9e54a50dbe16",
  255: "18ab939d63ddec9f6ac2b60d61d36a7375d2070c9b683861110757062c52b8880a5f6b3936da9cd6c23ef2a95c",
  256: "7a4a13e9ef23978e2c520fd4d2e757514ae160cd0cd05e556ef692370ca53076214c0c40d4c728d6ed9e727a5b",
};
const EXPORTED: Readonly<Record<string, string>> = {
  "": "4bbd6243b8bb54cec311fac9df81841b6fd61f56538a775e7c80a9f40160606e",
  "00": "8c1df14732580e5501b00f82b10a1647b40713191b7c1240ac80e2b68808ba69",
  "54657374436f6e74657874": "5acb09211139c43b3090489a9da433e8a30ee7188ba8b0a9a1ccf0c229283e53",
};

test("The suite gives and takes the ciphertexts and exports of RFC 9180 A.2.1", async () => {
  const recipient = await channelSuite().DeriveKeyPair(IKM_R);
  const { encapsulatedSecret, ctx: sender } = await suiteOf(IKM_E).SetupSender(recipient.publicKey, { info: INFO });
  assert.deepEqual(encapsulatedSecret, fromHex(ENC));
  const reader = await channelSuite().SetupRecipient(recipient, encapsulatedSecret, { info: INFO });
  for (let sequence = 0; sequence <= 256; sequence += 1) {
    const aad = new TextEncoder().encode(`Count-${sequence}`);
    const sealed = await sender.Seal(PLAINTEXT, aad);
    const expected = SEALED[sequence];
    if (expected !== undefined) assert.deepEqual(sealed, fromHex(expected), `sequence number ${sequence}`);
    assert.deepEqual(await reader.Open(sealed, aad), PLAINTEXT);
  }
  for (const [context, expected] of Object.entries(EXPORTED)) {
    for (const side of [sender, reader]) assert.deepEqual(await side.Export(fromHex(context), 32), fromHex(expected));
  }
});
