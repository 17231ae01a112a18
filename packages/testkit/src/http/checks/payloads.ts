import assert from "node:assert/strict";
import fc from "fast-check";
import { failed, neverBroken, stringOf, succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { type Client, readingOf, sessionOf } from "../client.ts";
import { MSC4388 } from "../sections.ts";

/** How many payloads are tried; each is a few requests. Somebody else's server gets the same ones every time. */
const runsOf = <Tried>(client: Client): fc.Parameters<Tried> =>
  client.target.courtesy === undefined ? { numRuns: 60 } : { numRuns: 8, seed: 4388, reporter: say };

/** Always among the payloads that are tried, since chance may leave out what is lost, joined or normalised. */
const ALWAYS = '\u0000\ufeff\ufffd\uffff\u2028\u0085e\u0301"\\/<&\r\n\\u0000</script>\u{10ffff}';

const holds = (property: fc.IAsyncProperty<[string, (text: string) => string]>, client: Client): Promise<void> =>
  fc.assert(property, { ...runsOf(client), examples: [[ALWAYS, JSON.stringify]] });

/** What the server did wrong, and with what; not how to have it done again. */
function say<Tried>({ failed, errorInstance, counterexample }: fc.RunDetails<Tried>): void {
  if (!failed) return;
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`${what} (with ${fc.stringify(counterexample)})`, { cause: errorInstance });
}

const MAX_BYTES = 4096;

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

/** Characters that are lost, joined, normalised or taken for something else on the way, more often than others. */
const character = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 0x1f }).map((code) => String.fromCodePoint(code)) },
  { weight: 1, arbitrary: fc.constantFrom("\u0000", "\ufeff", "\ufffd", "\uffff", "\u2028", "\u0085", "\u0301") },
  { weight: 1, arbitrary: fc.constantFrom('"', "\\", "/", "<", "&", "\r\n", "é", "e\u0301", "\\u0000", "</script>") },
  { weight: 2, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x10000, max: 0x10ffff }).map((code) => String.fromCodePoint(code)) },
);

/** Well-formed text of at most 4,096 bytes; as often as not of nearly as many. */
const payload = fc
  .oneof(
    fc.array(character, { maxLength: 24 }),
    fc
      .tuple(fc.array(character, { minLength: 1, maxLength: 24 }), fc.integer({ min: 1, max: 400 }))
      .map(([characters, times]) => Array<string[]>(times).fill(characters).flat()),
  )
  .map(fitting);

/** The same text as JSON, in the ways that encoders write it. */
const spelling = fc.constantFrom<(text: string) => string>(JSON.stringify, escaped, slashesEscaped);

const section = MSC4388.read;

export const payloadChecks: readonly Check[] = [
  {
    id: "created",
    name: "whatever is created is what is read, byte for byte",
    section,
    level: "must",
    async run(client) {
      const property = fc.asyncProperty(payload, spelling, async (data, spell) => {
        const session = sessionOf(await client.post(`{"data":${spell(data)}}`));
        const reading = readingOf(await client.read(session));
        await client.cancel(session);
        assert.deepEqual(bytesOf(reading.data), bytesOf(data));
      });
      await holds(property, client);
    },
  },
  {
    id: "written",
    name: "whatever is written is what is read, byte for byte",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("");
      let current = session.token;
      const property = fc.asyncProperty(payload, spelling, async (data, spell) => {
        const body = `{"sequence_token":${JSON.stringify(current)},"data":${spell(data)}}`;
        current = stringOf(succeeded(await client.put(session, body)), "sequence_token");
        const reading = await client.reading(session);
        assert.equal(reading.token, current);
        assert.deepEqual(bytesOf(reading.data), bytesOf(data));
      });
      await holds(property, client);
    },
  },
  {
    id: "retried",
    name: "whatever is written is a retry when it is written again",
    section: MSC4388.send,
    level: "must",
    async run(client) {
      const session = await client.create("");
      let current = session.token;
      const property = fc.asyncProperty(payload, spelling, async (data, spell) => {
        const body = `{"sequence_token":${JSON.stringify(current)},"data":`;
        current = await writtenAs(`${body}${JSON.stringify(data)}}`);
        assert.equal(await writtenAs(`${body}${spell(data)}}`), current);
      });
      const writtenAs = async (body: string): Promise<string> =>
        stringOf(succeeded(await client.put(session, body)), "sequence_token");
      await holds(property, client);
    },
  },
  {
    id: "any-json",
    name: "whatever JSON is sent is a request, a bad request or too large",
    section: "nothing that a client sends is a breakdown",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const value = fc.oneof(
        fc.json({ maxDepth: 4 }),
        fc.object({ key: memberName }).map((it) => JSON.stringify(it)),
      );
      const property = fc.asyncProperty(value, async (body) => {
        for (const answer of [await client.post(body), await client.put(session, body)]) {
          if (answer.status !== 200) failed(answer, [400, 409, 413]);
        }
      });
      await fc.assert(property, runsOf(client));
    },
  },
  {
    id: "any-bytes",
    name: "whatever bytes are sent are a request, a bad request or too large",
    section: "nothing that a client sends is a breakdown",
    level: "own",
    async run(client) {
      const property = fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const answer = await client.post(Uint8Array.from(bytes));
        neverBroken(answer);
        failed(answer, 400, "M_NOT_JSON", "M_BAD_JSON");
      });
      await fc.assert(property, runsOf(client));
    },
  },
  {
    id: "any-path",
    name: "whatever is asked for as a session is not found",
    section: "nothing that a client sends is a breakdown",
    level: "own",
    async run(client) {
      const property = fc.asyncProperty(fc.webSegment({ size: "medium" }), async (segment) => {
        const id = `-${segment}`;
        failed(await client.read({ id }), [400, 404]);
        failed(await client.cancel({ id }), [400, 404]);
      });
      await fc.assert(property, runsOf(client));
    },
  },
];

/** Names that mean something to us, or to JavaScript. */
const memberName = fc.constantFrom(
  "data",
  "sequence_token",
  "id",
  "__proto__",
  "constructor",
  "toString",
  "length",
  "",
);

/** As many of the characters as fit into a payload. */
function fitting(characters: readonly string[]): string {
  const kept: string[] = [];
  let bytes = 0;
  for (const next of characters) {
    bytes += bytesOf(next).length;
    if (bytes > MAX_BYTES) break;
    kept.push(next);
  }
  return kept.join("");
}

function escaped(text: string): string {
  const units = Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
  return `"${units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("")}"`;
}

function slashesEscaped(text: string): string {
  return JSON.stringify(text).replaceAll("/", "\\/");
}
