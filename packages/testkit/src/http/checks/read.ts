import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { failed } from "../answer.ts";
import type { Check } from "../check.ts";
import { readingOf } from "../client.ts";
import { MATRIX, MSC4388 } from "../sections.ts";

const section = MSC4388.read;

/** How often a session is asked what is left of its life, and how long after the last time: longer than a second in all. */
const READS = 60;
const PAUSE_MS = 20;

/** IDs in the forms that servers give them, of sessions that never were. */
const UNKNOWN_IDS = {
  "unknown-session": "abcdEFG12345",
  "unknown-uuid": "e8da6355-550b-4a32-a193-1619d9830668",
  "unknown-ulid": "01ARZ3NDEKTSV4RRFFQ69G5FAV",
  "unknown-base64": "AAAAAAAAAAAAAAAAAAAAAA",
  "unknown-letter": "a",
  "unknown-tilde": "~",
  "unknown-dots": "...",
  "unknown-punctuation": "a.b_c~d-e",
  "unknown-longest": "x".repeat(255),
  "unknown-proto": "__proto__",
  "unknown-constructor": "constructor",
  "unknown-to-string": "toString",
} as const;

export const readChecks: readonly Check[] = [
  {
    id: "members",
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
    id: "changes-nothing",
    name: "changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("still there");
      for (let count = 0; count < 5; count += 1) await client.holds(session, "still there", session.token);
    },
  },
  {
    id: "counts-down",
    name: "counts the session's life down",
    section: MSC4388.read,
    level: "must",
    async run(client) {
      const session = await client.create();
      let last = session.expiresInMs;
      for (let count = 0; last === session.expiresInMs; count += 1) {
        assert.ok(count < READS, `expires_in_ms stands still at ${last}`);
        await setTimeout(PAUSE_MS);
        const { expiresInMs } = await client.reading(session);
        assert.ok(expiresInMs <= last, `expires_in_ms rose from ${last} to ${expiresInMs}`);
        last = expiresInMs;
      }
    },
  },
  ...Object.entries(UNKNOWN_IDS).map(
    ([id, unknown]): Check => ({
      id,
      name: `answers 404 M_NOT_FOUND to ${unknown.length > 40 ? `an ID of ${unknown.length} characters` : unknown}, which never was`,
      section,
      level: "must",
      async run(client) {
        failed(await client.read({ id: unknown }), 404, "M_NOT_FOUND");
      },
    }),
  ),
  {
    id: "exact-id",
    name: "tells IDs apart by every character, and by its case",
    section: MATRIX.identifiers,
    level: "own",
    async run(client) {
      const session = await client.create();
      const others = [`${session.id}A`, session.id.slice(0, -1), swapCase(session.id), `A${session.id.slice(1)}`];
      for (const id of others.filter((other) => other !== session.id)) {
        failed(await client.read({ id }), 404, "M_NOT_FOUND");
      }
    },
  },
  {
    id: "never-304",
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
    id: "whole",
    name: "answers whole JSON, whatever range or type it is asked for",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("whole");
      const fields = { Range: "bytes=0-1", Accept: "text/html", "Accept-Encoding": "gzip, br" };
      for (const [name, value] of Object.entries(fields)) {
        assert.equal(readingOf(await client.read(session, { [name]: value })).data, "whole");
      }
    },
  },
  {
    id: "needs-no-access-token",
    name: "needs no authorisation",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("for all who know the ID");
      assert.equal((await client.reading(session)).data, "for all who know the ID");
    },
  },
  {
    id: "ignores-access-token",
    name: "pays no heed to a wrong authorisation",
    section: "clients may send the access token of another server",
    level: "clients",
    async run(client) {
      const session = await client.create("for all who know the ID");
      for (const headers of [{ Authorization: "Bearer nobody" }, { Authorization: "Basic bm86Ym9keQ==" }]) {
        assert.equal(readingOf(await client.read(session, headers)).data, "for all who know the ID");
      }
    },
  },
  {
    id: "query-string",
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
