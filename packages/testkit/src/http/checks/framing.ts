import assert from "node:assert/strict";
import { failed, refusedByHttpLayer, succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { type Client, sessionOf } from "../client.ts";

const section = 'RFC 9112 section 6 "Message Body"';

const BODY = '{"data":"in bytes: é"}';
const BODY_BYTES = new TextEncoder().encode(BODY);

/** What is no length. Who guesses at one lets the rest of a body be taken for a request of its own. */
const BAD_LENGTHS = [
  ["-1"],
  ["abc"],
  ["1.5"],
  ["0x5"],
  ["1e1"],
  ["+5"],
  ["5 5"],
  ["5;5"],
  ["5, 6"],
  ["99999999999999999999999999"],
  ["-99999999999999999999999999"],
  ["5", "6"],
  [""],
];

/** What is no transfer coding that a server of ours has to know. */
const BAD_CODINGS = ["identity", "xchunked", "chunked, gzip", "gzip", "\u000bchunked", "chunked\u0000"];

/** What is no chunk. */
const BAD_CHUNKS = [
  "zz\r\n{}\r\n0\r\n\r\n",
  "-2\r\n{}\r\n0\r\n\r\n",
  "2\r\n{}{}\r\n0\r\n\r\n",
  "ffffffffffffffffff\r\n{}",
  "0x2\r\n{}\r\n0\r\n\r\n",
  "2 2\r\n{}\r\n0\r\n\r\n",
  "\r\n{}\r\n0\r\n\r\n",
];

export const framingChecks: readonly Check[] = [
  {
    id: "slow-body",
    name: "a body that comes a byte at a time is read",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead(`Content-Length: ${BODY_BYTES.length}`));
      await wire.dribble(BODY_BYTES);
      await holdsBody(client, sessionOf(await wire.answer("POST")));
    },
  },
  {
    id: "slow-request",
    name: "a request that comes a byte at a time is read",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.dribble(client.createHead(`Content-Length: ${BODY_BYTES.length}`));
      await wire.dribble(BODY_BYTES);
      await holdsBody(client, sessionOf(await wire.answer("POST")));
    },
  },
  {
    id: "slow-chunks",
    name: "a body in chunks of a byte, each by itself, is read",
    section: `${section}: chunked transfer coding`,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead("Transfer-Encoding: chunked"));
      for (const byte of BODY_BYTES) {
        await wire.write("1\r\n");
        await wire.write(Uint8Array.of(byte));
        await wire.write("\r\n");
      }
      await wire.write("0\r\n\r\n");
      await holdsBody(client, sessionOf(await wire.answer("POST")));
    },
  },
  {
    id: "chunk-extensions",
    name: "chunks may have extensions and be followed by trailers",
    section: `${section}: chunked transfer coding`,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      const chunks = '7;part=1\r\n{"data"\r\n0005;part="2"\r\n:"x"}\r\n0\r\nX-Trailer: yes\r\n\r\n';
      await wire.write(client.createHead("Transfer-Encoding: chunked", "Trailer: X-Trailer") + chunks);
      sessionOf(await wire.answer("POST"));
    },
  },
  {
    id: "no-length",
    name: "a creation without a length has no body",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead());
      failed(await wire.answer("POST"), 400, "M_NOT_JSON");
    },
  },
  {
    id: "empty-chunks",
    name: "empty chunks are no body",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(`${client.createHead("Transfer-Encoding: chunked")}0\r\n\r\n`);
      failed(await wire.answer("POST"), 400, "M_NOT_JSON");
    },
  },
  {
    id: "short-length",
    name: "a length that is too short cuts the body off, and what is left is no request",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(`${client.createHead("Content-Length: 5")}${BODY}\r\n\r\n`);
      // An HTTP layer may notice what follows, and refuse all of it, before the application has answered the first part.
      refusedByHttpLayer(await wire.answer("POST"));
      refusedByHttpLayer(await wire.answerOrEnd());
      await wire.end();
    },
  },
  {
    id: "long-length",
    name: "a length that is too long, and the end of the connection, are no request",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead("Content-Length: 100") + BODY);
      wire.halfClose();
      refusedByHttpLayer(await wire.answerOrEnd("POST"));
      await wire.end();
    },
  },
  {
    id: "ended-chunks",
    name: "chunks that end with the connection are no request",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      const chunk = `${BODY_BYTES.length.toString(16)}\r\n${BODY}\r\n`;
      await wire.write(client.createHead("Transfer-Encoding: chunked") + chunk);
      wire.halfClose();
      refusedByHttpLayer(await wire.answerOrEnd("POST"));
      await wire.end();
    },
  },
  {
    id: "length-twice",
    name: "the same length twice is that length, or refused",
    section: "RFC 9112 section 6.3",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      const length = `Content-Length: ${BODY_BYTES.length}`;
      await wire.write(client.createHead(length, length) + BODY);
      const answer = await wire.answerOrEnd("POST");
      if (answer?.status === 200) await holdsBody(client, sessionOf(answer));
      else refusedByHttpLayer(answer);
    },
  },
  {
    id: "length-and-chunks",
    name: "a length beside chunks is refused, or not believed",
    section: "RFC 9112 section 6.1: request smuggling",
    level: "own",
    async run(client) {
      for (const first of [0, 1]) {
        const lines = ["Content-Length: 4", "Transfer-Encoding: chunked"];
        if (first === 1) lines.reverse();
        const wire = await client.dial();
        const smuggled = client.head("GET", client.at("/smuggled"));
        await wire.write(`${client.createHead(...lines)}1f\r\n{"data":"and not what follows"}\r\n0\r\n\r\n${smuggled}`);
        const answer = await wire.answerOrEnd("POST");
        if (answer?.status === 200) {
          const { data } = await client.reading(sessionOf(answer));
          assert.equal(data, "and not what follows");
        } else {
          refusedByHttpLayer(answer);
          await wire.end();
        }
      }
    },
  },
  ...BAD_LENGTHS.map((lengths, index) =>
    refusedAndHungUp(
      `bad-length-${index + 1}`,
      `a length of ${lengths.map((length) => `"${length}"`).join(" and ")}`,
      lengths.map((length) => `Content-Length: ${length}`),
      BODY,
    ),
  ),
  ...BAD_CODINGS.map((coding, index) =>
    refusedAndHungUp(
      `bad-coding-${index + 1}`,
      `a transfer coding of ${JSON.stringify(coding)}`,
      [`Transfer-Encoding: ${coding}`],
      "0\r\n\r\n",
    ),
  ),
  ...BAD_CHUNKS.map((chunks, index) =>
    refusedAndHungUp(
      `bad-chunk-${index + 1}`,
      `a chunk like ${JSON.stringify(chunks.slice(0, 12))}`,
      ["Transfer-Encoding: chunked"],
      chunks,
    ),
  ),
  {
    id: "continue",
    name: "a client that waits for 100 Continue is not left waiting",
    section: "RFC 9110 section 10.1.1",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead(`Content-Length: ${BODY_BYTES.length}`, "Expect: 100-continue"));
      const interim = await wire.interimOrAnswer("POST");
      assert.equal(interim?.status, 100);
      await wire.write(BODY);
      await holdsBody(client, sessionOf(await wire.answer("POST")));
    },
  },
  {
    id: "continue-refused",
    name: "a client that waits for 100 Continue with too large a body is refused without it",
    section: "RFC 9110 section 10.1.1",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead("Content-Length: 1000000", "Expect: 100-continue"));
      failed(await wire.answer("POST"), 413, "M_TOO_LARGE");
    },
  },
  {
    id: "continue-not-waited",
    name: "a client that sends its body without waiting for 100 Continue is answered",
    section: "RFC 9110 section 10.1.1",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead(`Content-Length: ${BODY_BYTES.length}`, "Expect: 100-continue") + BODY);
      await holdsBody(client, sessionOf(await wire.answer("POST")));
    },
  },
  {
    id: "unknown-expectation",
    name: "an expectation that nobody knows is refused, or ignored",
    section: "RFC 9110 section 10.1.1: 417 Expectation Failed",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead(`Content-Length: ${BODY_BYTES.length}`, "Expect: the-unexpected") + BODY);
      const answer = await wire.answerOrEnd("POST");
      if (answer?.status === 200) succeeded(answer);
      else refusedByHttpLayer(answer);
    },
  },
];

/** A message whose end nobody can know: after it, nothing on that connection can be believed. */
function refusedAndHungUp(id: string, what: string, lines: readonly string[], body: string): Check {
  return {
    id,
    name: `${what} is refused, and the connection ended`,
    section: `${section}: request smuggling`,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead(...lines) + body);
      refusedByHttpLayer(await wire.answerOrEnd("POST"));
      await wire.end();
    },
  };
}

async function holdsBody(client: Client, session: ReturnType<typeof sessionOf>): Promise<void> {
  await client.holds(session, "in bytes: é", session.token);
}
