import type { Level } from "../check.ts";

/** A body, by what is wrong or special about it. */
export interface Case {
  readonly id: string;
  readonly name: string;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

export const DEEP = 10_000;
const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** What no parser of JSON may take for JSON. */
export const NOT_JSON: readonly Case[] = [
  { id: "nothing", name: "nothing", body: "" },
  { id: "white-space", name: "white space", body: " \r\n\t" },
  { id: "word", name: "a word", body: "data" },
  { id: "half-object", name: "half an object", body: '{"data":"x"' },
  { id: "half-string", name: "half a string", body: '{"data":"x' },
  { id: "form", name: "a form", body: "data=x" },
  { id: "open-brackets", name: "10,000 open brackets", body: "[".repeat(DEEP) },
  { id: "open-objects", name: "10,000 open objects", body: '{"a":'.repeat(DEEP / 2) },
];

/** What a generous parser may take for JSON. Others take something else for it, and two that differ can be played off. */
export const EXTENDED_JSON: readonly Case[] = [
  { id: "trailing-text", name: "something after the object", body: '{"data":"x"}x' },
  { id: "two-objects", name: "two objects", body: '{"data":"x"}{"data":"y"}' },
  { id: "single-quotes", name: "single quotation marks", body: "{'data':'x'}" },
  { id: "bare-name", name: "a name without quotation marks", body: '{data:"x"}' },
  { id: "trailing-comma", name: "a trailing comma", body: '{"data":"x",}' },
  { id: "comment", name: "a comment", body: '{"data":"x"/* why */}' },
  { id: "nan", name: "NaN", body: '{"data":"x","more":NaN}' },
  { id: "leading-zero", name: "a leading zero", body: '{"data":"x","more":01}' },
  { id: "unknown-escape", name: "an unknown escape", body: '{"data":"\\x41"}' },
  { id: "half-escape", name: "half an escape", body: '{"data":"\\u00"}' },
  { id: "raw-nul", name: "a raw NUL in a string", body: '{"data":"\u0000"}' },
  { id: "raw-line-break", name: "a raw line break in a string", body: '{"data":"\n"}' },
  { id: "trailing-nul", name: "a NUL after the object", body: '{"data":"x"}\u0000' },
];

/** What is not UTF-8 must not be repaired: what is read would not be what was written. */
export const NOT_UTF8: readonly Case[] = [
  { id: "no-encoding", name: "a byte of no encoding", body: latin1('{"data":"\xff"}') },
  { id: "latin-1", name: "Latin-1", body: latin1('{"data":"caf\xe9"}') },
  { id: "cut-character", name: "a character cut short", body: latin1('{"data":"\xf0\x9f\x98"}') },
  { id: "overlong", name: "an overlong slash", body: latin1('{"data":"\xc0\xaf"}') },
  { id: "encoded-surrogate", name: "an encoded surrogate", body: latin1('{"data":"\xed\xa0\x80"}') },
  { id: "past-unicode", name: "a character past Unicode", body: latin1('{"data":"\xf4\x90\x80\x80"}') },
  {
    id: "utf-16",
    name: "UTF-16",
    body: latin1('\xff\xfe{\x00"\x00d\x00a\x00t\x00a\x00"\x00:\x00"\x00x\x00"\x00}\x00'),
  },
];

/** JSON, but not what the MSC asks for; with the one errcode that says it best. */
export const NOT_A_REQUEST: readonly (Case & { readonly errcode: string })[] = [
  ...Object.entries({
    "empty-array": "[]",
    array: '["data"]',
    string: '"data"',
    number: "1",
    null: "null",
    boolean: "true",
  }).map(([id, body]) => ({ id, name: body, body, errcode: "M_BAD_JSON" })),
  { id: "deep-array", name: "an array 10,000 deep", body: "[".repeat(DEEP) + "]".repeat(DEEP), errcode: "M_BAD_JSON" },
  { id: "no-data", name: "an object without data", body: "{}", errcode: "M_MISSING_PARAM" },
  { id: "data-in-capitals", name: "Data for data", body: '{"Data":"x"}', errcode: "M_MISSING_PARAM" },
  {
    id: "data-in-proto",
    name: "data only in __proto__",
    body: '{"__proto__":{"data":"x"}}',
    errcode: "M_MISSING_PARAM",
  },
  {
    id: "data-in-constructor",
    name: "data only in constructor",
    body: '{"constructor":{"prototype":{"data":"x"}}}',
    errcode: "M_MISSING_PARAM",
  },
  ...Object.entries({
    "data-number": "1",
    "data-null": "null",
    "data-boolean": "true",
    "data-empty-array": "[]",
    "data-array": '["x"]',
    "data-empty-object": "{}",
    "data-object": '{"data":"x"}',
  }).map(([id, value]) => ({
    id,
    name: `data that is ${value}`,
    body: `{"data":${value}}`,
    errcode: "M_INVALID_PARAM",
  })),
  {
    id: "data-deep",
    name: "data 10,000 deep",
    body: `{"data":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`,
    errcode: "M_INVALID_PARAM",
  },
];

/** Escapes that are half a character: no UTF-8 can express them. */
export const LONE_SURROGATES = {
  "surrogate-high": "\\ud800",
  "surrogate-low": "\\udfff",
  "surrogate-at-the-end": "a\\ud83d",
  "surrogates-reversed": "\\ude00\\ud83d",
  "surrogate-before-pair": "\\ud83d\\ud83d\\ude00",
  "surrogate-before-letter": "\\ud800\u00e9",
} as const;

/** Legal ways of writing `{"data": …}`. */
export const LEGAL: readonly (Case & { readonly data: string; readonly level?: Level })[] = [
  { id: "white-space", name: "white space everywhere", body: ' \r\n\t{ "data" \n:\t"x" }\r\n ', data: "x" },
  { id: "escaped-name", name: "an escaped name", body: '{"d\\u0061ta":"x"}', data: "x" },
  {
    id: "short-escapes",
    name: "every short escape",
    body: '{"data":"\\"\\\\\\/\\b\\f\\n\\r\\t"}',
    data: '"\\/\b\f\n\r\t',
  },
  { id: "surrogate-pair", name: "an escaped pair of surrogates", body: '{"data":"\\ud83d\\ude00"}', data: "😀" },
  { id: "escaped-nul", name: "an escaped NUL", body: '{"data":"a\\u0000b"}', data: "a\u0000b" },
  {
    id: "c1-controls",
    name: "DEL and C1 controls as they are",
    body: '{"data":"\u007f\u0080\u009f"}',
    data: "\u007f\u0080\u009f",
  },
  { id: "line-separators", name: "line separators as they are", body: '{"data":"\u2028\u2029"}', data: "\u2028\u2029" },
  {
    id: "byte-order-mark",
    name: "a byte order mark in the string",
    body: '{"data":"\ufeffx\ufeff"}',
    data: "\ufeffx\ufeff",
  },
  {
    id: "noncharacters",
    name: "noncharacters",
    body: '{"data":"\uffff\ufffe\u{10ffff}"}',
    data: "\uffff\ufffe\u{10ffff}",
  },
  { id: "large-number", name: "a large number beside it", body: '{"more":1e999,"data":"x"}', data: "x", level: "own" },
  {
    id: "proto-beside",
    name: "__proto__ beside it",
    body: '{"__proto__":{"data":1},"data":"x","constructor":null}',
    data: "x",
  },
];
