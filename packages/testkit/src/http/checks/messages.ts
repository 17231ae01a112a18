import assert from "node:assert/strict";
import { refusedByHttpLayer, wellFormed } from "../answer.ts";
import type { Check } from "../check.ts";
import { readingOf } from "../client.ts";
import type { Wire } from "../wire.ts";

const section = 'RFC 9112 "HTTP/1.1"';

/** What no HTTP server can take for a request. */
const NO_REQUESTS: ReadonlyArray<{ readonly name: string; readonly bytes: string | Uint8Array }> = [
  { name: "a method without a target", bytes: "GET\r\n\r\n" },
  { name: "a request line of too many words", bytes: "GET / now HTTP/1.1\r\nHost: x\r\n\r\n" },
  { name: "another protocol", bytes: "GET / SPDY/3\r\nHost: x\r\n\r\n" },
  { name: "a target without a slash", bytes: "GET favicon.ico HTTP/1.1\r\nHost: x\r\n\r\n" },
  { name: "a header without a colon", bytes: "GET / HTTP/1.1\r\nHost: x\r\nno colon here\r\n\r\n" },
  { name: "a header without a name", bytes: "GET / HTTP/1.1\r\nHost: x\r\n: no name\r\n\r\n" },
  { name: "a space before the colon", bytes: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello" },
  { name: "a NUL in a header", bytes: "GET / HTTP/1.1\r\nHost: x\r\nX-Nul: a\u0000b\r\n\r\n" },
  { name: "a TLS greeting", bytes: Uint8Array.of(0x16, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3, 13, 10, 13, 10) },
  { name: "noise", bytes: Uint8Array.from({ length: 512 }, (_, index) => (index * 151 + 7) & 0xff) },
];

/** Larger than any HTTP server lets a header or a target be. */
const HUGE = 1024 * 1024;

export const messageChecks: readonly Check[] = [
  ...NO_REQUESTS.map(
    ({ name, bytes }, index): Check => ({
      id: `no-request-${index + 1}`,
      name: `${name} is refused`,
      section,
      level: "own",
      async run(client) {
        const wire = await client.dial();
        await wire.write(bytes);
        wire.halfClose();
        refusedByHttpLayer(await wire.answerOrEnd());
        await wire.end();
      },
    }),
  ),
  {
    id: "empty-line",
    name: "an empty line before a request is passed over, or refused",
    section: `${section} section 2.2: should ignore at least one`,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(`\r\n${client.head("GET", client.pathOf(session))}`);
      await readOrRefused(wire);
    },
  },
  {
    id: "no-host",
    name: "a request without a Host is refused, or answered like any other",
    section: `${section} section 3.2`,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(`GET ${client.pathOf(session)} HTTP/1.1\r\n\r\n`);
      await readOrRefused(wire);
    },
  },
  ...["", "x y", "[", "host:99999", "host:port", "a@b", "/path", "%zz", "ü", "a,b", "x".repeat(2000)].map(
    (host, index): Check => ({
      id: `host-${index + 1}`,
      name: `a Host of ${JSON.stringify(host.slice(0, 20))} is refused, or of no interest`,
      section: "nothing that a client sends is a breakdown",
      level: "own",
      async run(client) {
        const session = await client.create("first");
        const wire = await client.dial();
        await wire.write(`GET ${client.pathOf(session)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
        wire.halfClose();
        await readOrRefused(wire);
      },
    }),
  ),
  {
    id: "two-hosts",
    name: "two Hosts are refused, or of no interest",
    section: `${section} section 3.2`,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(client.head("GET", client.pathOf(session), "Host: other.example"));
      await readOrRefused(wire);
    },
  },
  {
    id: "http-1-0",
    name: "a request of HTTP/1.0 is answered, and the connection ended",
    section: "RFC 9112 appendix C",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(`GET ${client.pathOf(session)} HTTP/1.0\r\nHost: ${new URL(client.base).host}\r\n\r\n`);
      assert.equal(readingOf(await wire.answer()).data, "first");
      await wire.end();
    },
  },
  {
    id: "close",
    name: "a client that asks for the end of the connection gets it",
    section: `${section} section 9.6`,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(client.head("GET", client.pathOf(session), "Connection: close"));
      assert.equal(readingOf(await wire.answer()).data, "first");
      await wire.end();
    },
  },
  {
    id: "huge-target",
    name: "a target of a mebibyte is refused",
    section: "RFC 9110 section 15.5.15",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.head("GET", `${client.root}/${"x".repeat(HUGE)}`));
      refusedByHttpLayer(await wire.answerOrEnd());
    },
  },
  {
    id: "long-target",
    name: "a target of four kibibytes is a path like any other",
    section: "RFC 9110 section 4.1: 8,000 octets at least",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(client.head("GET", `${client.root}/${"x".repeat(4096)}`));
      const answer = await wire.answer();
      assert.equal(answer.status, 404);
      wellFormed(answer);
    },
  },
  {
    id: "huge-header",
    name: "a header of a mebibyte is refused, or ignored",
    section: "RFC 6585 section 5",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      await wire.write(client.head("GET", client.pathOf(session), `X-Huge: ${"x".repeat(HUGE)}`));
      await readOrRefused(wire);
    },
  },
  {
    id: "many-headers",
    name: "ten thousand headers are refused, or ignored",
    section: "RFC 6585 section 5",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const wire = await client.dial();
      const lines = Array.from({ length: 10_000 }, (_, index) => `X-${index}: ${index}`);
      await wire.write(client.head("GET", client.pathOf(session), ...lines));
      await readOrRefused(wire);
    },
  },
  {
    id: "endless-head",
    name: "a head that never ends is hung up on",
    section: "RFC 6585 section 5",
    level: "own",
    async run(client) {
      const wire = await client.dial();
      await wire.write(`GET ${client.root} HTTP/1.1\r\n`);
      for (let sent = 0; sent < HUGE && !wire.ended; sent += 1024) await wire.write(`X-More: ${"x".repeat(1014)}\r\n`);
      refusedByHttpLayer(await wire.answerOrEnd());
      await wire.end();
    },
  },
  ...(["head", "body"] as const).map(
    (part): Check => ({
      id: `stalled-${part}`,
      name: `a request whose ${part} stops coming is given up`,
      section: "RFC 9110 section 15.5.9: a server waits only so long",
      level: "own",
      when: {
        needs: "to know how long the server waits for a request",
        isMet: ({ stalledRequestMs }) => stalledRequestMs !== undefined,
      },
      async run(client) {
        const wire = await client.dial(client.target.stalledRequestMs);
        const head = client.createHead("Content-Length: 100");
        await wire.write(part === "head" ? head.slice(0, -2) : `${head}{"data":`);
        refusedByHttpLayer(await wire.answerOrEnd("POST"));
        await wire.end();
      },
    }),
  ),
];

/** Holds the answer to be a read of "first", or a refusal. */
async function readOrRefused(wire: Wire): Promise<void> {
  const answer = await wire.answerOrEnd();
  if (answer?.status === 200) assert.equal(readingOf(answer).data, "first");
  else refusedByHttpLayer(answer);
}
