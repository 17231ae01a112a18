import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { MAX_PAYLOAD_BYTES } from "@matrix-rendezvous/core";
import { textOf } from "../answer.ts";
import type { Rule, Rules } from "./scenario.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);

const PAYLOADS: Readonly<Record<string, Uint8Array>> = {
  "of 0 bytes": new Uint8Array(),
  "of one NUL": Uint8Array.of(0),
  "with NUL at the start, in the middle and at the end": Uint8Array.of(0, 65, 0, 66, 0),
  "of every byte there is": EVERY_BYTE,
  "that is not UTF-8": Uint8Array.of(0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80, 0xf8),
  "of text beyond the Basic Multilingual Plane": new TextEncoder().encode("🜁 e\u0301 \ufeff \u2028"),
  "that looks like a number": new TextEncoder().encode("007"),
  "of the largest size": Uint8Array.from({ length: MAX_PAYLOAD_BYTES }, (_, index) => (index * 31) % 256),
  "of the largest size, all NUL": new Uint8Array(MAX_PAYLOAD_BYTES),
};

const comesBack =
  (payload: Uint8Array): Rule =>
  async (s) => {
    const { id, token } = await s.start({ payload });
    assert.equal((await s.read(id)).payload, textOf(payload));
    await s.write(id, { expected: token, next: "second", payload: "something else" });
    assert.equal((await s.write(id, { expected: "second", next: "third", payload })).type, "written");
    assert.equal((await s.read(id)).payload, textOf(payload));
    assert.equal((await s.write(id, { expected: token, payload })).type, "unchanged");
  };

export const payload: Rules = {
  ...Object.fromEntries(
    Object.entries(PAYLOADS).map(([name, bytes]) => [`a payload ${name} comes back byte for byte`, comesBack(bytes)]),
  ),

  "a payload that differs in its last byte, or in length alone, is other data": async (s) => {
    const { id } = await s.start({ payload: Uint8Array.of(1, 2, 0) });
    for (const other of [Uint8Array.of(1, 2, 1), Uint8Array.of(1, 2), Uint8Array.of(1, 2, 0, 0), new Uint8Array()]) {
      assert.equal((await s.write(id, { expected: "stale", payload: other })).type, "conflict");
    }
  },

  "what the caller does to its array afterwards changes nothing": async (s) => {
    const [first, second] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)];
    const { id, token } = await s.start({ payload: first });
    first.fill(9);
    assert.equal((await s.read(id)).payload, "\x01\x02\x03");
    await s.write(id, { expected: token, payload: second });
    second.fill(9);
    assert.equal((await s.read(id)).payload, "\x04\x05\x06");
  },

  "what the caller does to its array before it is answered changes nothing": async (s) => {
    const [first, second] = [Uint8Array.of(1, 2, 3), Uint8Array.of(4, 5, 6)];
    const created = s.create({ id: "id", token: "token", payload: first });
    first.fill(9);
    await created;
    assert.equal((await s.read("id")).payload, "\x01\x02\x03");
    const written = s.write("id", { expected: "token", payload: second });
    second.fill(9);
    await written;
    assert.equal((await s.read("id")).payload, "\x04\x05\x06");
  },

  // `slice` copies a Uint8Array, but not the Buffer that is one too.
  "a Buffer is stored as a copy": async (s) => {
    const [first, second] = [Buffer.from("one"), Buffer.from("two")];
    const { id, token } = await s.start({ payload: first });
    first.fill(9);
    assert.equal((await s.read(id)).payload, "one");
    await s.write(id, { expected: token, payload: second });
    second.fill(9);
    assert.equal((await s.read(id)).payload, "two");
  },

  "a view into a larger buffer is stored as the view": async (s) => {
    const { id, token } = await s.start({ payload: EVERY_BYTE.subarray(65, 70) });
    assert.equal((await s.read(id)).payload, "ABCDE");
    await s.write(id, { expected: token, payload: EVERY_BYTE.subarray(97, 100) });
    assert.equal((await s.read(id)).payload, "abc");
  },
};
