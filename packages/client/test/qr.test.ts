import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import { decodeQrCode, encodeQrCode, type QrCode, QrCodeError } from "../src/qr/index.ts";
import { bad, fromBase64, fromHex, good } from "./vectors.ts";

for (const { name, hex, version, prefix, intent, public_key, ...rest } of good) {
  const texts = {
    rendezvousId: rest.rendezvous_id,
    baseUrl: rest.base_url,
    rendezvousUrl: rest.rendezvous_url,
    serverName: rest.server_name,
  };
  const fields = { version, prefix, intent, publicKey: fromBase64(public_key), ...texts };
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

  test(`The good code "${name}" decodes to its fields and encodes to its bytes`, () => {
    const decoded = decodeQrCode(fromHex(hex));
    assert.ok(decoded.ok);
    assert.deepEqual({ ...decoded.value }, present);
    assert.deepEqual(encodeQrCode(decoded.value), fromHex(hex));
  });
}

// What is wrong, and at which byte. The prefix is 6 bytes, then type, intent, 32 bytes of key, and the texts.
const PROBLEMS: Readonly<Record<string, readonly [code: string, field: string, offset: number]>> = {
  empty: ["not_a_sign_in_code", "prefix", 0],
  "wrong prefix": ["not_a_sign_in_code", "prefix", 0],
  "prefix in lower case": ["not_a_sign_in_code", "prefix", 0],
  "unknown version": ["not_a_sign_in_code", "type", 6],
  "unknown intent": ["invalid_field", "intent", 7],
  "2024 mode byte in a 2025 code": ["invalid_field", "intent", 7],
  "cut in the key": ["truncated", "publicKey", 8],
  "cut in the ID": ["truncated", "rendezvousId", 41],
  "cut in the length of the base URL": ["truncated", "baseUrl", 77],
  "cut in the base URL": ["truncated", "baseUrl", 79],
  "bytes left over": ["trailing_bytes", "end", 111],
  "ID of length 0": ["invalid_field", "rendezvousId", 40],
  "ID outside the opaque identifier grammar": ["invalid_field", "rendezvousId", 40],
  "base URL not UTF-8": ["invalid_field", "baseUrl", 77],
  "base URL not a URL": ["invalid_field", "baseUrl", 44],
  "base URL with a scheme that is not http(s)": ["invalid_field", "baseUrl", 44],
  "base URL empty": ["invalid_field", "baseUrl", 44],
};

for (const { name, hex } of bad) {
  test(`The bad code "${name}" is refused with what is wrong, and where`, () => {
    const decoded = decodeQrCode(fromHex(hex));
    assert.ok(!decoded.ok);
    const { code, field, offset, message } = decoded.error;
    assert.deepEqual([code, field, offset], PROBLEMS[name]);
    assert.ok(message.startsWith(`${field} (byte ${offset}) `), message);
  });
}

test("A code for device verification is told apart from a broken one", () => {
  const decoded = decodeQrCode(Uint8Array.from([...fromHex("4d415452495802"), 0x00, ...new Uint8Array(100)]));
  assert.ok(!decoded.ok);
  assert.equal(decoded.error.code, "not_a_sign_in_code");
  assert.match(decoded.error.message, /device verification/);
});

test("Base URLs that two devices could understand differently are refused", () => {
  const wrong = [
    "https:example.org",
    "https:/example.org",
    "https://exa\\mple.org",
    " https://example.org",
    "https://example.org\n",
    "https://example.org/\u0000",
    "https://user:secret@example.org",
    "https://example.org/?a=b",
    "https://example.org/#",
    "https://",
    "ftp://example.org",
    "\ufeffhttps://example.org",
    "https://example.org/\ud800",
    `https://example.org/${"a".repeat(65_536)}`,
  ];
  for (const baseUrl of wrong) {
    assert.throws(() => encodeQrCode({ ...CODE, baseUrl }), { name: "QrCodeError", field: "baseUrl" }, baseUrl);
  }
  for (const baseUrl of ["HTTPS://EXAMPLE.org:8448/a/b/", "http://127.0.0.1:8008", "https://bücher.example"]) {
    const decoded = decodeQrCode(encodeQrCode({ ...CODE, baseUrl }));
    assert.ok(decoded.ok);
    assert.deepEqual(decoded.value, { ...CODE, baseUrl });
  }
});

test("Encoding refuses what decoding refuses, and never says what an ID is", () => {
  const wrong: readonly [Partial<QrCode>, string][] = [
    [{ rendezvousId: "" }, "rendezvousId"],
    [{ rendezvousId: "i".repeat(256) }, "rendezvousId"],
    [{ rendezvousId: "secret/secret" }, "rendezvousId"],
    [{ rendezvousId: ".." }, "rendezvousId"],
    [{ publicKey: new Uint8Array(31) }, "publicKey"],
  ];
  for (const [change, field] of wrong) {
    assert.throws(
      () => encodeQrCode({ ...CODE, ...change } as QrCode),
      (error) => error instanceof QrCodeError && error.field === field && !error.message.includes("secret"),
    );
  }
  assert.throws(() => encodeQrCode({ ...EXISTING_2024, serverName: "example.org/path" }), { field: "serverName" });
});

test("Any bytes give a value or a QrCodeError, and what is accepted encodes to the same bytes", () => {
  const starts = good.map(({ hex }) => fromHex(hex));
  const changed = fc
    .tuple(fc.constantFrom(...starts), fc.array(fc.tuple(fc.nat({ max: 400 }), fc.nat({ max: 255 })), { maxLength: 4 }))
    .map(([start, changes]) => {
      const bytes = start.slice();
      for (const [index, byte] of changes) if (index < bytes.length) bytes[index] = byte;
      return bytes;
    });
  const cut = fc.tuple(changed, fc.nat({ max: 400 })).map(([bytes, length]) => bytes.slice(0, length));
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 400 }), changed, cut), (bytes) => {
      const decoded = decodeQrCode(bytes);
      if (decoded.ok) assert.deepEqual(encodeQrCode(decoded.value), Uint8Array.from(bytes));
      else assert.ok(decoded.error instanceof QrCodeError);
    }),
    { numRuns: 2000 },
  );
});

test("Any code comes back as it was encoded", () => {
  const publicKey = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const rendezvousId = fc.stringMatching(/^[0-9A-Za-z_~-]{1,255}$/);
  const baseUrl = fc.webUrl({ withQueryParameters: false, withFragments: false });
  const intent = fc.constantFrom("new" as const, "existing" as const);
  const prefix = fc.constantFrom("MATRIX" as const, "IO_ELEMENT_MSC4388" as const);
  const version = fc.constant("2025" as const);
  fc.assert(
    fc.property(
      fc.record({ version, prefix, intent, publicKey, rendezvousId, baseUrl }, { noNullPrototype: true }),
      (code) => assert.deepEqual(decodeQrCode(encodeQrCode(code)), { ok: true, value: code }),
    ),
  );
});

const CODE = {
  version: "2025",
  prefix: "MATRIX",
  intent: "new",
  publicKey: new Uint8Array(32).fill(7),
  rendezvousId: "2kF8s0QmXyZ",
  baseUrl: "https://example.org",
} as const;

const EXISTING_2024 = {
  version: "2024",
  intent: "existing",
  publicKey: new Uint8Array(32),
  rendezvousUrl: "https://example.org/session",
  serverName: "[::1]:8448",
} as const;
