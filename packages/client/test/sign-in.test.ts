import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import { MAX_MESSAGE_BYTES } from "../src/channel/index.ts";
import {
  encodeSignInMessage,
  parseSignInMessage,
  type SignInMessage,
  SignInMessageError,
} from "../src/sign-in/index.ts";

const GRANT = { verification_uri: "https://id.example.org/link" };
const KEYS = { master_key: "bWFzdGVy", self_signing_key: "c2VsZg", user_signing_key: "dXNlcg" };

const MESSAGES: readonly SignInMessage[] = [
  { type: "m.login.protocols", protocols: ["device_authorization_grant"], base_url: "https://matrix.example.org" },
  { type: "m.login.protocols", protocols: [], base_url: "http://127.0.0.1:8008/" },
  {
    type: "m.login.protocol",
    protocol: "device_authorization_grant",
    device_id: "ABCDEFGH",
    device_authorization_grant: { ...GRANT, verification_uri_complete: "https://id.example.org/link?code=123456" },
  },
  {
    type: "m.login.protocol",
    protocol: "device_authorization_grant",
    device_id: "A",
    device_authorization_grant: GRANT,
  },
  { type: "m.login.protocol", protocol: "org.example.other", device_id: "A" },
  { type: "m.login.protocol_accepted" },
  { type: "m.login.failure", reason: "unsupported_protocol", homeserver: "example.org" },
  { type: "m.login.failure", reason: "org.example.a_reason_of_the_future" },
  { type: "m.login.declined" },
  { type: "m.login.success" },
  { type: "m.login.secrets", cross_signing: KEYS },
  {
    type: "m.login.secrets",
    cross_signing: KEYS,
    backup: { algorithm: "m.megolm_backup.v1.curve25519-aes-sha2", key: "a2V5", backup_version: "1" },
  },
];

test("Every message comes back as it was, without what MSC4108 does not have", () => {
  for (const message of MESSAGES) {
    const text = encodeSignInMessage(message);
    assert.deepEqual(JSON.parse(text), message);
    assert.deepEqual(parseSignInMessage(text), { ok: true, value: message });
    const more = JSON.stringify({ ...message, "org.example.more": [1], toString: "own" });
    assert.deepEqual(parseSignInMessage(more), { ok: true, value: message });
    assert.equal(encodeSignInMessage(JSON.parse(more)), text);
  }
});

test("An optional field may be null", () => {
  for (const text of [
    '{"type":"m.login.failure","reason":"user_cancelled","homeserver":null}',
    `{"type":"m.login.secrets","cross_signing":${JSON.stringify(KEYS)},"backup":null}`,
  ]) {
    assert.ok(parseSignInMessage(text).ok);
  }
});

test("What is wrong with a message is told, and nothing of it is believed", () => {
  const protocols = { type: "m.login.protocols", protocols: [], base_url: "https://example.org" };
  const choice = { type: "m.login.protocol", protocol: "device_authorization_grant", device_id: "A" };
  const secrets = { type: "m.login.secrets", cross_signing: KEYS };
  const wrong: readonly [unknown, SignInMessageError["code"], RegExp][] = [
    [[], "invalid_field", /^the message is not an object/],
    [null, "invalid_field", /^the message is not an object/],
    [{}, "invalid_field", /^type is not a string/],
    [{ type: 7 }, "invalid_field", /^type is not a string/],
    [{ type: "m.login.success2" }, "unknown_type", /unknown/],
    [{ ...protocols, protocols: "x" }, "invalid_field", /^protocols is not a list/],
    [{ ...protocols, protocols: Array(17).fill("x") }, "invalid_field", /^protocols is not a list of at most 16/],
    [{ ...protocols, protocols: [7] }, "invalid_field", /^protocols is not a string/],
    [{ ...protocols, base_url: undefined }, "invalid_field", /^base_url is not a string/],
    [{ ...protocols, base_url: "javascript:alert(1)" }, "invalid_field", /^base_url is not an absolute http/],
    [choice, "invalid_field", /^device_authorization_grant is not an object/],
    [{ ...choice, device_id: "" }, "invalid_field", /^device_id is not 1 to 255/],
    [{ ...choice, device_id: "A".repeat(256) }, "invalid_field", /^device_id is not 1 to 255/],
    [{ ...choice, device_id: "\ud800" }, "invalid_field", /^device_id has a lone surrogate/],
    [
      { ...choice, device_authorization_grant: { verification_uri: "app://open" } },
      "invalid_field",
      /^device_authorization_grant.verification_uri is not an absolute http/,
    ],
    [
      { ...choice, device_authorization_grant: { ...GRANT, verification_uri_complete: "data:text/html,x" } },
      "invalid_field",
      /^device_authorization_grant.verification_uri_complete is not an absolute http/,
    ],
    [
      { ...choice, device_authorization_grant: { verification_uri: `https://example.org/${"a".repeat(2048)}` } },
      "invalid_field",
      /^device_authorization_grant.verification_uri is not 1 to 2048/,
    ],
    [{ type: "m.login.failure" }, "invalid_field", /^reason is not a string/],
    [{ type: "m.login.secrets" }, "invalid_field", /^cross_signing is not an object/],
    [{ ...secrets, cross_signing: { ...KEYS, master_key: 1 } }, "invalid_field", /^cross_signing.master_key is not/],
    [{ ...secrets, backup: { algorithm: "a", key: "k" } }, "invalid_field", /^backup.backup_version is not a string/],
  ];
  for (const [value, code, message] of wrong) {
    const parsed = parseSignInMessage(JSON.stringify(value));
    assert.ok(!parsed.ok, JSON.stringify(value));
    assert.equal(parsed.error.code, code);
    assert.match(parsed.error.message, message);
    assert.throws(() => encodeSignInMessage(value as SignInMessage), { name: "SignInMessageError", code });
  }
});

test("Members of an object's prototype are no fields", () => {
  const parsed = parseSignInMessage('{"__proto__":{"type":"m.login.success"}}');
  assert.ok(!parsed.ok);
});

test("Any text gives a message or a SignInMessageError", () => {
  const changed = fc.tuple(fc.constantFrom(...MESSAGES), fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }));
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    changed.map(([message, changes]) => JSON.stringify({ ...message, ...changes })),
    fc.tuple(changed, fc.nat({ max: 200 })).map(([[message], end]) => JSON.stringify(message).slice(0, end)),
  );
  fc.assert(
    fc.property(text, (candidate) => {
      const parsed = parseSignInMessage(candidate);
      if (parsed.ok) assert.deepEqual(JSON.parse(encodeSignInMessage(parsed.value)), parsed.value);
      else assert.ok(parsed.error instanceof SignInMessageError);
    }),
    { numRuns: 1000 },
  );
});

test("The longest messages of honest devices fit into the channel", () => {
  const key = "k".repeat(255);
  const secrets = encodeSignInMessage({
    type: "m.login.secrets",
    cross_signing: { master_key: key, self_signing_key: key, user_signing_key: key },
    backup: { algorithm: key, key, backup_version: key },
  });
  assert.ok(secrets.length <= MAX_MESSAGE_BYTES);
});
