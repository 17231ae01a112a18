import assert from "node:assert/strict";
import { failed, stringOf, succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { sessionOf } from "../client.ts";
import { MATRIX, MSC4388 } from "../sections.ts";

const section = MSC4388.payloadSize;

interface Payload {
  readonly id: string;
  readonly name: string;
  readonly data: string;
  /** The JSON string that says it, where that is not what `JSON.stringify` gives. */
  readonly json?: string | undefined;
}

/** 4,096 bytes of UTF-8 each. */
const LARGEST: readonly Payload[] = [
  { id: "one-byte", name: "4,096 characters of one byte", data: "x".repeat(4096) },
  { id: "two-bytes", name: "2,048 characters of two bytes", data: "é".repeat(2048) },
  { id: "three-bytes", name: "1,365 characters of three bytes, and one", data: `${"€".repeat(1365)}x` },
  { id: "four-bytes", name: "1,024 characters of four bytes", data: "😀".repeat(1024) },
  { id: "control", name: "4,096 control characters, in a body of 24 KiB", data: "\u0001".repeat(4096) },
  { id: "nul", name: "4,096 NULs", data: "\u0000".repeat(4096) },
  { id: "escaped", name: "4,096 letters, each escaped", data: "x".repeat(4096), json: `"${"\\u0078".repeat(4096)}"` },
  { id: "quotation-marks", name: "4,096 quotation marks", data: '"'.repeat(4096) },
];

/** 4,097 bytes of UTF-8 or more each. */
const TOO_LARGE: readonly Payload[] = [
  { id: "one-byte", name: "4,097 characters of one byte", data: "x".repeat(4097) },
  { id: "two-bytes", name: "2,048 characters of two bytes, and one", data: `${"é".repeat(2048)}x` },
  { id: "three-bytes", name: "1,366 characters of three bytes", data: "€".repeat(1366) },
  { id: "four-bytes", name: "1,024 characters of four bytes, and one", data: `${"😀".repeat(1024)}x` },
  { id: "control", name: "4,097 control characters", data: "\u0001".repeat(4097) },
  { id: "escaped", name: "4,097 letters, each escaped", data: "x".repeat(4097), json: `"${"\\u0078".repeat(4097)}"` },
  { id: "hundred-thousand", name: "100,000 characters", data: "x".repeat(100_000) },
];

export const sizeChecks: readonly Check[] = [
  ...LARGEST.map(
    ({ id, name, data, json = JSON.stringify(data) }): Check => ({
      id: `largest-${id}`,
      name: `${name} are created and written`,
      section,
      level: "must",
      async run(client) {
        const created = sessionOf(await client.post(`{"data":${json}}`));
        await client.holds(created, data, created.token);
        const session = await client.create("");
        const body = `{"sequence_token":${JSON.stringify(session.token)},"data":${json}}`;
        const token = stringOf(succeeded(await client.put(session, body)), "sequence_token");
        await client.holds(session, data, token);
      },
    }),
  ),
  ...TOO_LARGE.map(
    ({ id, name, data, json = JSON.stringify(data) }): Check => ({
      id: `too-large-${id}`,
      name: `${name} are refused with 413 M_TOO_LARGE, and change nothing`,
      section,
      level: "must",
      async run(client) {
        failed(await client.post(`{"data":${json}}`), 413, "M_TOO_LARGE");
        const session = await client.create("small");
        const body = `{"sequence_token":${JSON.stringify(session.token)},"data":${json}}`;
        failed(await client.put(session, body), 413, "M_TOO_LARGE");
        await client.holds(session, "small", session.token);
      },
    }),
  ),
  {
    id: "largest-retried",
    name: "the largest payload can be written again after its answer was lost",
    section: MSC4388.send,
    level: "must",
    async run(client) {
      const data = "\u0001".repeat(4096);
      const session = await client.create("first");
      const body = { sequence_token: session.token, data };
      const token = await client.written(session, body);
      assert.equal(await client.written(session, body), token);
      await client.holds(session, data, token);
    },
  },
  {
    id: "largest-with-longest-token",
    name: "the largest payload can be written again with the longest token",
    section: MSC4388.send,
    level: "own",
    async run(client) {
      const data = "\u0001".repeat(4096);
      const session = await client.create(data);
      await client.written(session, { sequence_token: "x".repeat(255), data });
      await client.holds(session, data, session.token);
    },
  },
  {
    id: "long-token",
    name: "a token that is too long to be one is no breakdown",
    section: MATRIX.identifiers,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      for (const length of [256, 1000, 5000, 100_000]) {
        const answer = await client.write(session, { sequence_token: "x".repeat(length), data: "second" });
        failed(answer, [400, 409, 413]);
      }
      await client.holds(session, "first", session.token);
    },
  },
];
