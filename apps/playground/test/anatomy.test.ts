import assert from "node:assert/strict";
import { encodeQrCode } from "@matrix-rendezvous/client";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import { fromBase64, toBase64, toHex } from "../src/bytes.ts";
import { draw, paint, QUIET_ZONE, read } from "../src/qr/picture.ts";
import { payloadParts, qrParts } from "../src/wire/anatomy.ts";

test("Bytes survive base64, as payloads and QR codes have them", () => {
  const bytes = fc.uint8Array({ maxLength: 200 });
  fc.assert(fc.property(bytes, (value) => assert.deepEqual(fromBase64(toBase64(value)), value)));
  assert.equal(fromBase64("not base64"), undefined);
  assert.equal(fromBase64("AAAAA"), undefined);
  assert.deepEqual(toHex(Uint8Array.of(0, 10, 255)), ["00", "0a", "ff"]);
});

test("The parts of a payload are all of it, in order, whatever somebody wrote", () => {
  const payload = fc.oneof(fc.string(), fc.uint8Array({ maxLength: 100 }).map(toBase64));
  const kind = fc.constantFrom(
    "empty" as const,
    "initiate" as const,
    "ok" as const,
    "message" as const,
    "unknown" as const,
  );
  fc.assert(
    fc.property(payload, kind, (data, of) => {
      const bytes = payloadParts({ data, kind: of }).flatMap((part) => [...part.bytes]);
      assert.deepEqual(Uint8Array.from(bytes), fromBase64(data) ?? new TextEncoder().encode(data));
    }),
  );
  const sizes = (of: "initiate" | "ok" | "message"): unknown =>
    payloadParts({ data: toBase64(new Uint8Array(77)), kind: of }).map(({ role, bytes }) => [role, bytes.length]);
  assert.deepEqual(sizes("initiate"), [
    ["key", 32],
    ["sealed", 29],
    ["tag", 16],
  ]);
  assert.deepEqual(sizes("ok"), [
    ["nonce", 32],
    ["sealed", 29],
    ["tag", 16],
  ]);
  assert.deepEqual(sizes("message"), [
    ["sealed", 61],
    ["tag", 16],
  ]);
});

const CODE = encodeQrCode({
  version: "2025",
  prefix: "IO_ELEMENT_MSC4388",
  intent: "existing",
  publicKey: Uint8Array.from({ length: 32 }, (_, index) => 255 - index),
  rendezvousId: "VeFKB1zwXtwEjj1WBC4sct",
  baseUrl: "https://matrix-client.matrix.org",
});

test("The parts of a QR code are all of it, in order", () => {
  const parts = qrParts(CODE);
  assert.deepEqual(Uint8Array.from(parts.flatMap(({ bytes }) => [...bytes])), CODE);
  assert.deepEqual(
    parts.map(({ name, bytes }) => `${name}, ${bytes.length}`),
    [
      "Prefix: IO_ELEMENT_MSC4388, 18",
      "Version 2025, existing device, 2",
      "Public key, 32",
      "Rendezvous ID: VeFKB1zwXtwEjj1WBC4sct, 23",
      "Homeserver: https://matrix-client.matrix.org, 34",
    ],
  );
  assert.deepEqual(
    qrParts(Uint8Array.of(1, 2)).map(({ role }) => role),
    ["plain"],
  );
});

test("What is drawn can be read from its picture, at any scale, for any bytes", () => {
  for (const scale of [2, 3, 5, 8]) assert.deepEqual(read(paint(draw(CODE), scale)), CODE);
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(bytes, (value) => assert.deepEqual(read(paint(draw(value), 4)), value)),
    { numRuns: 25 },
  );
});

test("A code has its quiet zone and error correction level Q", () => {
  const modules = draw(CODE);
  const rows = [...modules.slice(0, QUIET_ZONE), ...modules.slice(-QUIET_ZONE)];
  assert.ok(rows.every((row) => row.every((module) => !module)));
  const format = [0, 1].map((column) => modules[QUIET_ZONE + 8]?.[QUIET_ZONE + column]);
  // ISO/IEC 18004, 7.9: the level's two bits, Q is 11, under a mask that starts with 10.
  assert.deepEqual(format, [false, true]);
});

test("A picture without a code gives nothing", () => {
  assert.equal(read({ width: 64, height: 64, data: new Uint8ClampedArray(64 * 64 * 4).fill(200) }), undefined);
});
