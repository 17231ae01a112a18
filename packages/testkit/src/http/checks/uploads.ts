import assert from "node:assert/strict";
import { type Answer, failed, succeeded, wellFormed } from "../answer.ts";
import type { Check } from "../check.ts";
import { type Client, sessionOf } from "../client.ts";
import type { Wire } from "../wire.ts";

const section = "a body past what any request needs is answered 413 without being read to its end";

const MEBIBYTE = 1024 * 1024;
const PIECE = "x".repeat(16 * 1024);
/** How much of an endless body a server may take in before it hangs up, whatever buffers lie between. */
const PATIENCE_BYTES = 32 * MEBIBYTE;

/** Lengths that no server may wait for. */
const DECLARED = [MEBIBYTE, 10 * 1024 * MEBIBYTE, Number.MAX_SAFE_INTEGER];

export const uploadChecks: readonly Check[] = [
  ...DECLARED.map(
    (length, index): Check => ({
      id: `declared-${index + 1}`,
      name: `a declared length of ${length} bytes is refused before they are sent`,
      section,
      level: "own",
      async run(client) {
        const wire = await client.dial();
        await wire.write(client.createHead(`Content-Length: ${length}`));
        tooLarge(await wire.answer("POST"));
      },
    }),
  ),
  {
    id: "declared-on-write",
    name: "a declared length that is too much is refused on a write too",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(client.head("PUT", client.pathOf(session), `Content-Length: ${MEBIBYTE}`));
      tooLarge(await wire.answer("PUT"));
      await client.holds(session, "first", session.token);
    },
  },
  {
    id: "undeclared",
    name: "a body of no declared length is refused once it is too much",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(`${client.createHead("Transfer-Encoding: chunked")}`);
      for (let sent = 0; sent < MEBIBYTE; sent += PIECE.length) await wire.write(chunk(PIECE));
      tooLarge(await wire.answer("POST"));
    },
  },
  {
    id: "endless-chunk",
    name: "one chunk that never ends is refused once it is too much",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(`${client.createHead("Transfer-Encoding: chunked")}fffffff\r\n`);
      for (let sent = 0; sent < MEBIBYTE; sent += PIECE.length) await wire.write(PIECE);
      tooLarge(await wire.answer("POST"));
    },
  },
  {
    id: "endless",
    name: "an endless body is hung up on",
    section,
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.createHead("Transfer-Encoding: chunked"));
      await feedUntilEnd(wire, chunk(PIECE));
    },
  },
  {
    id: "rest",
    name: "the rest of a body that was refused is hung up on, or read past",
    section: "RFC 9112 section 9.3: what is left of a body is no request",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      const smuggled = client.head("GET", client.at("/smuggled"));
      const body = smuggled.repeat(Math.ceil((64 * 1024) / smuggled.length));
      await wire.write(client.createHead(`Content-Length: ${body.length}`) + body);
      tooLarge(await wire.answer("POST"));
      await inSync(client, wire);
    },
  },
  ...[64 * 1024, MEBIBYTE, 8 * MEBIBYTE].map(
    (length, index): Check => ({
      id: `sent-${index + 1}`,
      name: `a client that sends all of ${length} bytes gets to read the 413`,
      section: "a client writes its body before it reads an answer",
      level: "own",
      async run(client) {
        failed(await client.post("x".repeat(length)), 413, "M_TOO_LARGE");
      },
    }),
  ),
  {
    id: "stream-413",
    name: "a stream of no declared length that is too much gets its 413",
    section: "a client writes its body before it reads an answer",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      const body = chunk(PIECE).repeat(8);
      await wire.write(`${client.createHead("Transfer-Encoding: chunked")}${body}0\r\n\r\n`);
      tooLarge(await wire.answer("POST"));
    },
  },
  ...["GET", "DELETE"].map(
    (method): Check => ({
      id: `with-${method.toLowerCase()}`,
      name: `a body that comes with ${method} is not taken for the next request`,
      section: "RFC 9110 section 9.3: a body has no meaning there, but a length",
      level: "own",
      async run(client) {
        const session = await client.create("first");
        const wire = await client.dial();
        const body = client.head("GET", client.at("/smuggled"));
        await wire.write(client.head(method, client.pathOf(session), `Content-Length: ${body.length}`) + body);
        const answer = await wire.answerOrEnd(method);
        if (answer !== undefined) succeeded(answer);
        await inSync(client, wire);
      },
    }),
  ),
  {
    id: "with-read",
    name: "a large body that comes with a read is refused or ignored in bounded time",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(client.head("GET", client.pathOf(session), `Content-Length: ${MEBIBYTE}`) + PIECE);
      wire.halfClose();
      const answer = await wire.answerOrEnd();
      if (answer !== undefined && answer.status !== 200) failed(answer, [400, 413]);
    },
  },
  {
    id: "unread-body",
    name: "a body that nobody reads is not taken for the next request",
    section: "RFC 9112 section 9.3: what is left of a body is no request",
    level: "own",
    async run(client) {
      const body = client.head("GET", client.at("/smuggled"));
      for (const [method, path] of [
        ["PUT", client.root],
        ["POST", `${client.root}/a/b/c`],
        ["PATCH", `${client.root}/abcdEFG12345`],
        ["POST", client.at("/nowhere")],
      ] as const) {
        const wire = await client.dial();
        await wire.write(client.head(method, path, `Content-Length: ${body.length}`) + body);
        failed(await wire.answer(method), [404, 405], "M_UNRECOGNIZED");
        await inSync(client, wire);
      }
    },
  },
];

function tooLarge(answer: Answer): void {
  failed(answer, 413, "M_TOO_LARGE");
  wellFormed(answer);
}

function chunk(data: string): string {
  return `${data.length.toString(16)}\r\n${data}\r\n`;
}

/** Sends until the server hangs up, and fails where it takes more than it may. */
async function feedUntilEnd(wire: Wire, piece: string): Promise<void> {
  for (let sent = 0; !wire.ended; sent += piece.length) {
    assert.ok(sent < PATIENCE_BYTES, `took ${sent} bytes of one body`);
    await wire.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** The connection is over, or its next answer is to its next request. */
async function inSync(client: Client, wire: Wire): Promise<void> {
  await wire.write(`${client.createHead("Content-Length: 11")}{"data":""}`);
  const answer = await wire.answerOrEnd("POST");
  if (answer !== undefined) sessionOf(answer);
}
