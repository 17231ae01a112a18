import assert from "node:assert/strict";
import { type Answer, failed } from "../answer.ts";
import type { Check, Level } from "../check.ts";
import { type Client, sessionOf } from "../client.ts";

const section = 'Matrix specification "Common error codes": M_NOT_JSON, M_BAD_JSON, M_MISSING_PARAM, M_INVALID_PARAM';

interface Case {
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

const BAD_REQUEST = ["M_NOT_JSON", "M_BAD_JSON", "M_MISSING_PARAM", "M_INVALID_PARAM"];
const DEEP = 10_000;
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** What no parser of JSON may take for JSON. */
const NOT_JSON: readonly Case[] = [
  { name: "nothing", body: "" },
  { name: "white space", body: " \r\n\t" },
  { name: "a word", body: "data" },
  { name: "half an object", body: '{"data":"x"' },
  { name: "half a string", body: '{"data":"x' },
  { name: "something after the object", body: '{"data":"x"}x' },
  { name: "two objects", body: '{"data":"x"}{"data":"y"}' },
  { name: "single quotation marks", body: "{'data':'x'}" },
  { name: "a name without quotation marks", body: '{data:"x"}' },
  { name: "a trailing comma", body: '{"data":"x",}' },
  { name: "a comment", body: '{"data":"x"/* why */}' },
  { name: "NaN", body: '{"data":"x","more":NaN}' },
  { name: "a leading zero", body: '{"data":"x","more":01}' },
  { name: "an unknown escape", body: '{"data":"\\x41"}' },
  { name: "half an escape", body: '{"data":"\\u00"}' },
  { name: "a raw NUL in a string", body: '{"data":"\u0000"}' },
  { name: "a raw line break in a string", body: '{"data":"\n"}' },
  { name: "a NUL after the object", body: '{"data":"x"}\u0000' },
  { name: "a form", body: "data=x" },
  { name: "10,000 open brackets", body: "[".repeat(DEEP) },
  { name: "10,000 open objects", body: '{"a":'.repeat(DEEP / 2) },
];

/** What is not UTF-8 must not be repaired: what is read would not be what was written. */
const NOT_UTF8: readonly Case[] = [
  { name: "a byte of no encoding", body: latin1('{"data":"\xff"}') },
  { name: "Latin-1", body: latin1('{"data":"caf\xe9"}') },
  { name: "a character cut short", body: latin1('{"data":"\xf0\x9f\x98"}') },
  { name: "an overlong slash", body: latin1('{"data":"\xc0\xaf"}') },
  { name: "an encoded surrogate", body: latin1('{"data":"\xed\xa0\x80"}') },
  { name: "a character past Unicode", body: latin1('{"data":"\xf4\x90\x80\x80"}') },
  { name: "UTF-16", body: latin1('\xff\xfe{\x00"\x00d\x00a\x00t\x00a\x00"\x00:\x00"\x00x\x00"\x00}\x00') },
];

/** JSON, but not what the MSC asks for; with the one errcode that says it best. */
const NOT_A_REQUEST: readonly (Case & { readonly errcode: string })[] = [
  ...["[]", '["data"]', '"data"', "1", "null", "true"].map((body) => ({ name: body, body, errcode: "M_BAD_JSON" })),
  { name: "an array 10,000 deep", body: "[".repeat(DEEP) + "]".repeat(DEEP), errcode: "M_BAD_JSON" },
  { name: "an object without data", body: "{}", errcode: "M_MISSING_PARAM" },
  { name: "Data for data", body: '{"Data":"x"}', errcode: "M_MISSING_PARAM" },
  { name: "data only in __proto__", body: '{"__proto__":{"data":"x"}}', errcode: "M_MISSING_PARAM" },
  { name: "data only in constructor", body: '{"constructor":{"prototype":{"data":"x"}}}', errcode: "M_MISSING_PARAM" },
  ...["1", "null", "true", "[]", '["x"]', "{}", '{"data":"x"}'].map((value) => ({
    name: `data that is ${value}`,
    body: `{"data":${value}}`,
    errcode: "M_INVALID_PARAM",
  })),
  {
    name: "data 10,000 deep",
    body: `{"data":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`,
    errcode: "M_INVALID_PARAM",
  },
];

/** Escapes that are half a character: no UTF-8 can express them. */
const LONE_SURROGATES = ["\\ud800", "\\udfff", "a\\ud83d", "\\ude00\\ud83d", "\\ud83d\\ud83d\\ude00", "\\ud800\u00e9"];

/** Legal ways of writing `{"data": …}`. */
const LEGAL: readonly (Case & { readonly data: string })[] = [
  { name: "white space everywhere", body: ' \r\n\t{ "data" \n:\t"x" }\r\n ', data: "x" },
  { name: "an escaped name", body: '{"d\\u0061ta":"x"}', data: "x" },
  { name: "every short escape", body: '{"data":"\\"\\\\\\/\\b\\f\\n\\r\\t"}', data: '"\\/\b\f\n\r\t' },
  { name: "an escaped pair of surrogates", body: '{"data":"\\ud83d\\ude00"}', data: "😀" },
  { name: "an escaped NUL", body: '{"data":"a\\u0000b"}', data: "a\u0000b" },
  { name: "DEL and C1 controls as they are", body: '{"data":"\u007f\u0080\u009f"}', data: "\u007f\u0080\u009f" },
  { name: "line separators as they are", body: '{"data":"\u2028\u2029"}', data: "\u2028\u2029" },
  { name: "a byte order mark in the string", body: '{"data":"\ufeffx\ufeff"}', data: "\ufeffx\ufeff" },
  { name: "noncharacters", body: '{"data":"\uffff\ufffe\u{10ffff}"}', data: "\uffff\ufffe\u{10ffff}" },
  { name: "a large number beside it", body: '{"more":1e999,"data":"x"}', data: "x" },
  { name: "__proto__ beside it", body: '{"__proto__":{"data":1},"data":"x","constructor":null}', data: "x" },
];

export const jsonChecks: readonly Check[] = [
  ...[...NOT_JSON, ...NOT_UTF8, ...NOT_A_REQUEST].map(refusal("is answered 400", "must", BAD_REQUEST)),
  ...[...NOT_JSON, ...NOT_UTF8].map(refusal("is answered 400 M_NOT_JSON", "should", ["M_NOT_JSON"])),
  ...NOT_A_REQUEST.map((wrong) => refusal(`is answered 400 ${wrong.errcode}`, "ours", [wrong.errcode])(wrong)),
  ...LONE_SURROGATES.map((text) =>
    refusal(
      "is answered 400",
      "must",
      BAD_REQUEST,
    )({
      name: `the lone surrogate in "${text}"`,
      body: `{"data":"${text}"}`,
    }),
  ),
  ...LEGAL.map(
    ({ name, body, data }): Check => ({
      name: `${name}, which is legal, is read`,
      section: "RFC 8259",
      level: "must",
      async run(client) {
        const session = sessionOf(await client.post(body));
        await client.holds(session, data, session.token);
      },
    }),
  ),
  {
    name: "a write without its token is answered 400, and changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const wrong = [
        "{}",
        '{"data":"second"}',
        ...["1", "null", "[]", "{}"].map((token) => bodyWith(token, '"second"')),
      ];
      for (const body of wrong) failed(await client.put(session, body), 400);
      await client.holds(session, "first", session.token);
    },
  },
  {
    name: "a write without its data is answered 400, and changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const token = JSON.stringify(session.token);
      const wrong = [`{"sequence_token":${token}}`, ...["1", "null", "[]", "{}"].map((data) => bodyWith(token, data))];
      for (const body of wrong) failed(await client.put(session, body), 400);
      await client.holds(session, "first", session.token);
    },
  },
  {
    name: "a write whose token has a lone surrogate is no breakdown",
    section: "RFC 8259 section 8.2",
    level: "ours",
    async run(client) {
      const session = await client.create("first");
      failed(await client.put(session, bodyWith('"\\ud800"', '"second"')), [400, 409]);
      await client.holds(session, "first", session.token);
    },
  },
  {
    name: "of a name that comes twice one value is taken",
    section: "RFC 8259 section 4: what happens is for the parser to say",
    level: "ours",
    async run(client) {
      const answer = await client.post('{"data":"one","data":"two"}');
      if (answer.status === 400) return failed(answer, 400);
      const { data } = await client.reading(sessionOf(answer));
      assert.ok(data === "one" || data === "two", data);
    },
  },
  {
    name: "a byte order mark before the object is refused, or ignored",
    section: "RFC 8259 section 8.1",
    level: "ours",
    async run(client) {
      const answer = await client.post('\ufeff{"data":"x"}');
      if (answer.status === 400) return failed(answer, 400, "M_NOT_JSON");
      assert.equal((await client.reading(sessionOf(answer))).data, "x");
    },
  },
  {
    name: "a member 10,000 deep, of no use to anybody, is no breakdown",
    section: "RFC 8259 section 9: a parser may limit the depth",
    level: "ours",
    async run(client) {
      const answer = await client.post(`{"data":"x","more":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`);
      if (answer.status === 200) assert.equal((await client.reading(sessionOf(answer))).data, "x");
      else failed(answer, [400, 413]);
    },
  },
];

/** A body that is wrong in itself, held against creation and against a write, which must change nothing. */
function refusal(what: string, level: Level, errcodes: readonly string[]): (wrong: Case) => Check {
  return ({ name, body }) => ({
    name: `${name} ${what}`,
    section,
    level,
    async run(client: Client) {
      const refused = (answer: Answer): void => failed(answer, 400, ...errcodes);
      refused(await client.post(body));
      const session = await client.create("first");
      refused(await client.put(session, withToken(body, session.token)));
      await client.holds(session, "first", session.token);
    },
  });
}

/** The same wrong body with a right token in it, so that the token is not what it fails for. */
function withToken(body: Case["body"], token: string): Case["body"] {
  if (typeof body !== "string") return body;
  const member = `"sequence_token":${JSON.stringify(token)}`;
  return body === "{}" ? `{${member}}` : body.replace(/^\{(?=")/, () => `{${member},`);
}

function bodyWith(token: string, data: string): string {
  return `{"sequence_token":${token},"data":${data}}`;
}
