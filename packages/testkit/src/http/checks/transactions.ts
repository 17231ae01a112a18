import assert from "node:assert/strict";
import { failed, stringOf, succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { MATRIX, MSC4388 } from "../sections.ts";

const section = "PUT …/rendezvous/{rendezvousId}/{txnId}: newer than the text of MSC4388, served by released servers";

export const transactionChecks: readonly Check[] = [
  {
    id: "writes",
    name: "a write with a transaction ID is a write",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const token = await client.written(session, { sequence_token: session.token, data: "second" }, "m1.0");
      assert.notEqual(token, session.token);
      await client.holds(session, "second", token);
    },
  },
  {
    id: "stale-token",
    name: "a write with a transaction ID and a stale token is a concurrent write",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const token = await client.written(session, { sequence_token: session.token, data: "winner" }, "m1");
      await client.conflicts(session, { sequence_token: session.token, data: "loser" }, "m2");
      await client.holds(session, "winner", token);
    },
  },
  {
    id: "repeated",
    name: "a repeated request is answered as the first time, and changes nothing",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const body = { sequence_token: session.token, data: "second" };
      const token = await client.written(session, body, "m1");
      for (let count = 0; count < 3; count += 1) assert.equal(await client.written(session, body, "m1"), token);
      await client.holds(session, "second", token);
    },
  },
  {
    id: "repeated-later",
    name: "a repeated request is answered as the first time, even after the other device wrote",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const body = { sequence_token: session.token, data: "second" };
      const second = await client.written(session, body, "m1");
      const third = await client.written(session, { sequence_token: second, data: "third" }, "m2");
      assert.equal(await client.written(session, body, "m1"), second);
      await client.holds(session, "third", third);
    },
  },
  {
    id: "not-evaluated",
    name: "a transaction ID seen before is not evaluated, whatever comes with it",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const token = await client.written(session, { sequence_token: session.token, data: "second" }, "m1");
      assert.equal(await client.written(session, { sequence_token: token, data: "third" }, "m1"), token);
      await client.holds(session, "second", token);
    },
  },
  {
    id: "repeated-conflict",
    name: "a repeated request that was a concurrent write still is one",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const token = await client.written(session, { sequence_token: session.token, data: "winner" });
      await client.conflicts(session, { sequence_token: session.token, data: "loser" }, "m1");
      await client.conflicts(session, { sequence_token: token, data: "loser" }, "m1");
      await client.holds(session, "winner", token);
    },
  },
  {
    id: "two-transactions",
    name: "two transaction IDs are two writes, though all else is equal",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const second = await client.written(session, { sequence_token: session.token, data: "same" }, "m1");
      const third = await client.written(session, { sequence_token: second, data: "same" }, "M1");
      assert.notEqual(second, third);
      await client.holds(session, "same", third);
    },
  },
  {
    id: "retry",
    name: "a stale write of what the slot holds is answered the current token, with a new transaction ID too",
    section: MSC4388.send,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const body = { sequence_token: session.token, data: "second" };
      const token = await client.written(session, body, "m1");
      assert.equal(await client.written(session, body, "m2"), token);
      assert.equal(await client.written(session, body), token);
    },
  },
  {
    id: "of-one-session",
    name: "a transaction ID is of one session only",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const other = await client.create("first");
      await client.written(session, { sequence_token: session.token, data: "mine" }, "m1");
      const token = await client.written(other, { sequence_token: other.token, data: "theirs" }, "m1");
      await client.holds(other, "theirs", token);
    },
  },
  {
    id: "no-write",
    name: "a request that was no write does not use its transaction ID up",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      failed(await client.send("PUT", `${client.pathOf(session)}/m1`, { body: "{" }), 400);
      const tooLarge = { sequence_token: session.token, data: "x".repeat(4097) };
      failed(await client.write(session, tooLarge, "m1"), 413, "M_TOO_LARGE");
      const token = await client.written(session, { sequence_token: session.token, data: "second" }, "m1");
      await client.holds(session, "second", token);
    },
  },
  {
    id: "length",
    name: "a transaction ID has 255 characters at most",
    section: MATRIX.identifiers,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const body = { sequence_token: session.token, data: "second" };
      failed(await client.write(session, body, "x".repeat(256)), 400, "M_INVALID_PARAM");
      await client.holds(session, "first", session.token);
      await client.written(session, body, "x".repeat(255));
    },
  },
  {
    id: "many",
    name: "more transactions than a server need remember are still one write each",
    section,
    level: "own",
    async run(client) {
      const session = await client.create("0");
      let token = session.token;
      for (let count = 1; count <= 40; count += 1) {
        token = await client.written(session, { sequence_token: token, data: String(count) }, `m${count}`);
      }
      // Too long ago to be remembered or not: it must not be written.
      const answer = await client.write(session, { sequence_token: session.token, data: "1" }, "m1");
      assert.ok(answer.status === 200 || answer.status === 409, `answered ${answer.status}`);
      await client.holds(session, "40", token);
    },
  },
  {
    id: "unknown-session",
    name: "a write with a transaction ID to a session that never was is answered 404 M_NOT_FOUND",
    section,
    level: "own",
    async run(client) {
      const body = { sequence_token: "1", data: "lost" };
      failed(await client.write({ id: "abcdEFG12345" }, body, "m1"), 404, "M_NOT_FOUND");
    },
  },
  {
    id: "needs-no-access-token",
    name: "a write with a transaction ID needs no authorisation",
    section: `${section}; requires authentication: no`,
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const body = JSON.stringify({ sequence_token: session.token, data: "second" });
      const headers = { Authorization: "Bearer nobody" };
      const answer = await client.send("PUT", `${client.pathOf(session)}/m1`, { headers, body });
      await client.holds(session, "second", stringOf(succeeded(answer), "sequence_token"));
    },
  },
];
