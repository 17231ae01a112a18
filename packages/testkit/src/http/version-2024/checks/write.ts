import assert from "node:assert/strict";
import { type Answer, failed, fieldsOf } from "../../answer.ts";
import { MSC4108 } from "../../sections.ts";
import { type Check2024, etagOf, TEXT, unknownOf } from "../client.ts";

const section = MSC4108.write;
const { send } = MSC4108;

/** How many write at once. */
const RIVALS = 4;

export const writeChecks: readonly Check2024[] = [
  {
    id: "replaces",
    name: "with the ETag of the creation replaces the payload and answers 202 with a new ETag",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const etag = await client.written(session, session.etag, "second");
      assert.ok(etag !== session.etag, "the ETag is the same as before");
      assert.equal(await client.holds(session, "second"), etag, "the ETag of a read is not that of the write");
    },
  },
  {
    id: "turns",
    name: "lets two devices take turns, each with the ETag that it read",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("0");
      const etags = new Set([session.etag]);
      for (let turn = 1; turn <= 4; turn += 1) {
        const read = await client.holds(session, String(turn - 1));
        const next = await client.written(session, read, String(turn));
        assert.ok(!etags.has(next), "an ETag came up twice");
        etags.add(next);
      }
    },
  },
  {
    id: "etag-changes",
    name: "changes the ETag even where the payload stays the same",
    section: MSC4108.etags,
    level: "should",
    async run(client) {
      const session = await client.create("the same");
      const etag = await client.written(session, session.etag, "the same");
      assert.ok(etag !== session.etag, "the ETag is the same as before");
    },
  },
  {
    id: "stale-etag",
    name: "with a stale ETag is answered 412 M_CONCURRENT_WRITE, and changes nothing",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const etag = await client.written(session, session.etag, "winner");
      concurrent(await client.write(session, session.etag, "loser"));
      concurrent(await client.write(session, '"never-given"', "loser"));
      assert.equal(await client.holds(session, "winner"), etag, "the ETag changed");
    },
  },
  {
    id: "etag-of-412",
    name: "that is answered 412 is told the current ETag, with which it succeeds",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      await client.written(session, session.etag, "winner");
      const etag = etagOf(await client.write(session, session.etag, "loser"));
      await client.written(session, etag, "loser");
      await client.holds(session, "loser");
    },
  },
  {
    id: "one-writer-wins",
    name: "of concurrent writes with one ETag exactly one wins",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const rivals = Array.from({ length: RIVALS }, (_, rival) => `rival ${rival}`);
      const answers = await Promise.all(rivals.map((rival) => client.write(session, session.etag, rival)));
      const winners = rivals.filter((_, rival) => answers[rival]?.status === 202);
      assert.equal(winners.length, 1, `${winners.length} of ${RIVALS} won`);
      await client.holds(session, winners[0] ?? "");
    },
  },
  {
    id: "no-if-match",
    name: "without If-Match is answered 400 M_MISSING_PARAM, and changes nothing",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      failed(await client.send("PUT", session.url, TEXT, "second"), 400, "M_MISSING_PARAM");
      await client.holds(session, "first");
    },
  },
  {
    id: "several-if-match",
    name: "with an If-Match that names more than one ETag, or any, is not accepted",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      for (const ifMatch of ["*", `"other", ${session.etag}`]) {
        failed(await client.write(session, ifMatch, "second"), [400, 412]);
      }
      await client.holds(session, "first");
    },
  },
  {
    id: "no-content-type",
    name: "without a Content-Type is answered 400 M_MISSING_PARAM",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      failed(await client.send("PUT", session.url, { "If-Match": session.etag }, "second"), 400, "M_MISSING_PARAM");
      await client.holds(session, "first");
    },
  },
  {
    id: "other-content-type",
    name: "with another Content-Type than text/plain is answered 400 M_INVALID_PARAM",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const headers = { "Content-Type": "application/json", "If-Match": session.etag };
      failed(await client.send("PUT", session.url, headers, "second"), 400, "M_INVALID_PARAM");
      await client.holds(session, "first");
    },
  },
  {
    id: "unknown-session",
    name: "to a session that never was is answered 404 M_NOT_FOUND",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      failed(await client.write(unknownOf(session), session.etag, "second"), 404, "M_NOT_FOUND");
    },
  },
  {
    id: "mangled-etag",
    name: "with the ETag as reverse proxies make it is accepted",
    section: "proxies that compress change ETags: W/ before, -gzip or -br behind, quotes lost",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      let current = session.etag;
      for (const mangle of [weak, (etag: string) => etag.replace(/"$/, '-gzip"'), unquoted]) {
        current = await client.written(session, mangle(current), "the next");
      }
    },
  },
  {
    id: "retry",
    name: "sent again after its answer was lost is answered the current ETag, and changes nothing",
    section: "the 2025 version has it: the answer to a write may be lost",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const etag = await client.written(session, session.etag, "second");
      assert.equal(await client.written(session, session.etag, "second"), etag);
    },
  },
];

const weak = (etag: string): string => `W/${etag}`;
const unquoted = (etag: string): string => etag.replaceAll('"', "");

/** A new error code stands in a member of its own until the proposal is accepted: MSC4108 of 2024, "Unstable prefix". */
function concurrent(answer: Answer): void {
  failed(answer, 412);
  const { errcode, "org.matrix.msc4108.errcode": unstable } = fieldsOf(answer);
  assert.ok([errcode, unstable].includes("M_CONCURRENT_WRITE"), `errcode is ${String(errcode)}`);
}
