/** A body, by what is wrong or special about it. */
export interface Case {
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export const DEEP = 10_000;
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** What no parser of JSON may take for JSON. */
export const NOT_JSON: readonly Case[] = [
  { name: "nothing", body: "" },
  { name: "white space", body: " \r\n\t" },
  { name: "a word", body: "data" },
  { name: "half an object", body: '{"data":"x"' },
  { name: "half a string", body: '{"data":"x' },
  { name: "a form", body: "data=x" },
  { name: "10,000 open brackets", body: "[".repeat(DEEP) },
  { name: "10,000 open objects", body: '{"a":'.repeat(DEEP / 2) },
];

/** What a generous parser may take for JSON. Others take something else for it, and two that differ can be played off. */
export const EXTENDED_JSON: readonly Case[] = [
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
];

/** What is not UTF-8 must not be repaired: what is read would not be what was written. */
export const NOT_UTF8: readonly Case[] = [
  { name: "a byte of no encoding", body: latin1('{"data":"\xff"}') },
  { name: "Latin-1", body: latin1('{"data":"caf\xe9"}') },
  { name: "a character cut short", body: latin1('{"data":"\xf0\x9f\x98"}') },
  { name: "an overlong slash", body: latin1('{"data":"\xc0\xaf"}') },
  { name: "an encoded surrogate", body: latin1('{"data":"\xed\xa0\x80"}') },
  { name: "a character past Unicode", body: latin1('{"data":"\xf4\x90\x80\x80"}') },
  {
    name: "UTF-16",
    body: latin1('\xff\xfe{\x00"\x00d\x00a\x00t\x00a\x00"\x00:\x00"\x00x\x00"\x00}\x00'),
  },
];

/** JSON, but not what the MSC asks for; with the one errcode that says it best. */
export const NOT_A_REQUEST: readonly (Case & { readonly errcode: string })[] = [
  ...["[]", '["data"]', '"data"', "1", "null", "true"].map((body) => ({ name: body, body, errcode: "M_BAD_JSON" })),
  { name: "an array 10,000 deep", body: "[".repeat(DEEP) + "]".repeat(DEEP), errcode: "M_BAD_JSON" },
  { name: "an object without data", body: "{}", errcode: "M_MISSING_PARAM" },
  { name: "Data for data", body: '{"Data":"x"}', errcode: "M_MISSING_PARAM" },
  {
    name: "data only in __proto__",
    body: '{"__proto__":{"data":"x"}}',
    errcode: "M_MISSING_PARAM",
  },
  {
    name: "data only in constructor",
    body: '{"constructor":{"prototype":{"data":"x"}}}',
    errcode: "M_MISSING_PARAM",
  },
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
export const LONE_SURROGATES: readonly Case[] = [
  "\\ud800",
  "\\udfff",
  "a\\ud83d",
  "\\ude00\\ud83d",
  "\\ud83d\\ud83d\\ude00",
  "\\ud800\u00e9",
].map((text) => ({ name: text, body: `{"data":"${text}"}` }));

/** Legal ways of writing `{"data": …}`. */
export const LEGAL: readonly (Case & { readonly data: string })[] = [
  { name: "white space everywhere", body: ' \r\n\t{ "data" \n:\t"x" }\r\n ', data: "x" },
  { name: "an escaped name", body: '{"d\\u0061ta":"x"}', data: "x" },
  {
    name: "every short escape",
    body: '{"data":"\\"\\\\\\/\\b\\f\\n\\r\\t"}',
    data: '"\\/\b\f\n\r\t',
  },
  { name: "an escaped pair of surrogates", body: '{"data":"\\ud83d\\ude00"}', data: "😀" },
  { name: "an escaped NUL", body: '{"data":"a\\u0000b"}', data: "a\u0000b" },
  {
    name: "DEL and C1 controls as they are",
    body: '{"data":"\u007f\u0080\u009f"}',
    data: "\u007f\u0080\u009f",
  },
  { name: "line separators as they are", body: '{"data":"\u2028\u2029"}', data: "\u2028\u2029" },
  {
    name: "a byte order mark in the string",
    body: '{"data":"\ufeffx\ufeff"}',
    data: "\ufeffx\ufeff",
  },
  {
    name: "noncharacters",
    body: '{"data":"\uffff\ufffe\u{10ffff}"}',
    data: "\uffff\ufffe\u{10ffff}",
  },
  {
    name: "__proto__ beside it",
    body: '{"__proto__":{"data":1},"data":"x","constructor":null}',
    data: "x",
  },
];
