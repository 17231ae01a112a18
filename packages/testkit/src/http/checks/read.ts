import assert from "node:assert/strict";
import { failed } from "../answer.ts";
import type { Check } from "../check.ts";
import { readingOf } from "../client.ts";

const section = 'MSC4388 "GET /_matrix/client/v1/rendezvous/{rendezvousId}"';

/** How many reads in a row a clock may stand still for. Each takes a part of a millisecond at least. */
const READS = 2000;

/** IDs in the forms that servers give them, of sessions that never were. */
const UNKNOWN_IDS = [
  "abcdEFG12345",
  "e8da6355-550b-4a32-a193-1619d9830668",
  "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "AAAAAAAAAAAAAAAAAAAAAA",
  "a",
  "~",
  "...",
  "a.b_c~d-e",
  "x".repeat(255),
  "__proto__",
  "constructor",
  "toString",
];

export const readChecks: readonly Check[] = [
  {
    name: "answers the payload, its sequence token and what is left of the session's life",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("to be read");
      const { data, token, expiresInMs } = await client.reading(session);
      assert.deepEqual({ data, token }, { data: "to be read", token: session.token });
      assert.ok(expiresInMs > 0 && expiresInMs <= session.expiresInMs);
    },
  },
  {
    name: "changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("still there");
      for (let count = 0; count < 5; count += 1) await client.holds(session, "still there", session.token);
    },
  },
  {
    name: "counts the session's life down",
    section: 'MSC4388 "Expiry"',
    level: "must",
    async run(client) {
      const session = await client.create();
      let last = session.expiresInMs;
      for (let count = 0; last === session.expiresInMs; count += 1) {
        assert.ok(count < READS, `expires_in_ms stands still at ${last}`);
        const { expiresInMs } = await client.reading(session);
        assert.ok(expiresInMs <= last, `expires_in_ms rose from ${last} to ${expiresInMs}`);
        last = expiresInMs;
      }
    },
  },
  ...UNKNOWN_IDS.map(
    (id): Check => ({
      name: `answers 404 M_NOT_FOUND to ${id.length > 40 ? `an ID of ${id.length} characters` : id}, which never was`,
      section,
      level: "must",
      async run(client) {
        failed(await client.read({ id }), 404, "M_NOT_FOUND");
      },
    }),
  ),
  {
    name: "tells IDs apart by every character, and by its case",
    section: "Matrix specification: opaque identifiers are compared exactly",
    level: "ours",
    async run(client) {
      const session = await client.create();
      const others = [`${session.id}A`, session.id.slice(0, -1), swapCase(session.id), `A${session.id.slice(1)}`];
      for (const id of others.filter((other) => other !== session.id)) {
        failed(await client.read({ id }), 404, "M_NOT_FOUND");
      }
    },
  },
  {
    name: "never answers 304",
    section: "clients take an answer without a body for the end of the session",
    level: "clients",
    async run(client) {
      const session = await client.create("whole");
      const answer = await client.read(session, { "If-None-Match": "*" });
      const etag = answer.headers.get("etag") ?? `"${session.token}"`;
      const since = new Date(Date.now() + 60_000).toUTCString();
      const conditional = { "If-None-Match": etag, "If-Modified-Since": since };
      for (const again of [answer, await client.read(session, conditional)]) {
        assert.equal(readingOf(again).data, "whole");
      }
    },
  },
  {
    name: "answers whole JSON, whatever range or type it is asked for",
    section,
    level: "ours",
    async run(client) {
      const session = await client.create("whole");
      const fields = { Range: "bytes=0-1", Accept: "text/html", "Accept-Encoding": "gzip, br" };
      for (const [name, value] of Object.entries(fields)) {
        assert.equal(readingOf(await client.read(session, { [name]: value })).data, "whole");
      }
    },
  },
  {
    name: "needs no authorisation, and pays no heed to a wrong one",
    section: `${section}: requires authentication: no`,
    level: "must",
    async run(client) {
      const session = await client.create("for all who know the ID");
      const authorizations: readonly Record<string, string>[] = [
        {},
        { Authorization: "Bearer nobody" },
        { Authorization: "Basic bm86Ym9keQ==" },
      ];
      for (const headers of authorizations) {
        assert.equal(readingOf(await client.read(session, headers)).data, "for all who know the ID");
      }
    },
  },
  {
    name: "pays no heed to a query parameter that it does not know",
    section: "a query parameter that a server does not know is ignored",
    level: "clients",
    async run(client) {
      const session = await client.create("asked with more");
      const answer = await client.send("GET", `${client.pathOf(session)}?unknown=1`);
      assert.equal(readingOf(answer).data, "asked with more");
    },
  },
];

function swapCase(text: string): string {
  return text.replace(/[a-z]/gi, (letter) =>
    letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
  );
}
