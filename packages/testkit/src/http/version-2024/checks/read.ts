import assert from "node:assert/strict";
import { describe, failed } from "../../answer.ts";
import { MSC4108 } from "../../sections.ts";
import { type Check2024, unknownOf } from "../client.ts";

const section = MSC4108.read;

export const readChecks: readonly Check2024[] = [
  {
    id: "payload",
    name: "answers 200 and the payload as text/plain",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("to be read");
      assert.equal(await client.holds(session, "to be read"), session.etag);
      const type = (await client.read(session)).headers.get("content-type") ?? "";
      assert.match(type, /^text\/plain *(;|$)/i, `Content-Type is ${type}`);
    },
  },
  {
    id: "exact-type",
    name: "says text/plain and nothing besides",
    section: "matrix-js-sdk drops a message that comes as text/plain; charset=utf-8",
    level: "clients",
    async run(client) {
      const type = (await client.read(await client.create("text"))).headers.get("content-type");
      assert.ok(type === "text/plain", `Content-Type is ${type}`);
    },
  },
  {
    id: "changes-nothing",
    name: "changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("still there");
      for (let count = 0; count < 3; count += 1) {
        assert.equal(await client.holds(session, "still there"), session.etag);
      }
    },
  },
  {
    id: "not-modified",
    name: "with the current ETag in If-None-Match is answered 304 without the payload",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("known");
      const answer = await client.read(session, { "If-None-Match": session.etag });
      assert.ok(answer.status === 304, `answered ${describe(answer)}`);
      assert.equal(answer.body.length, 0);
    },
  },
  {
    id: "modified",
    name: "with a stale ETag in If-None-Match is answered 200 and the payload",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      await client.written(session, session.etag, "second");
      const answer = await client.read(session, { "If-None-Match": session.etag });
      assert.ok(answer.status === 200, `answered ${describe(answer)}`);
      assert.equal(new TextDecoder().decode(answer.body), "second");
    },
  },
  {
    // RFC 9110 section 13.1.2, which the MSC refers to.
    id: "weak-comparison",
    name: "compares If-None-Match weakly, and takes lists and *",
    section,
    level: "should",
    async run(client) {
      const session = await client.create("known");
      for (const condition of [`W/${session.etag}`, `"other", ${session.etag}`, "*"]) {
        const { status } = await client.read(session, { "If-None-Match": condition });
        assert.ok(status === 304, `If-None-Match: ${condition.replace(session.etag, "the ETag")} gave ${status}`);
      }
    },
  },
  {
    id: "unknown-session",
    name: "of a session that never was is answered 404 M_NOT_FOUND",
    section,
    level: "must",
    async run(client) {
      failed(await client.read(unknownOf(await client.create())), 404, "M_NOT_FOUND");
    },
  },
];
