import assert from "node:assert/strict";
import { failed, integerOf, stringOf, succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { MSC4388 } from "../sections.ts";

const section = MSC4388.write;
const { send } = MSC4388;

const NEVER_GIVEN = {
  "token-empty": "",
  "token-never-given": "never-given",
  "token-punctuation": "=/+ not a token",
  "token-nul": "\u0000",
  "token-umlaut": "ü",
  "token-longest": "x".repeat(255),
} as const;

export const writeChecks: readonly Check[] = [
  {
    id: "replaces",
    name: "with the token of the creation replaces the payload and answers a new token",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const token = await client.written(session, { sequence_token: session.token, data: "second" });
      assert.ok(token !== session.token, "the sequence token is the same as before");
      await client.holds(session, "second", token);
    },
  },
  {
    id: "turns",
    name: "lets two devices take turns, each with the token that it read",
    section: MSC4388.example,
    level: "must",
    async run(client) {
      const session = await client.create("0");
      const tokens = new Set([session.token]);
      for (let turn = 1; turn <= 6; turn += 1) {
        const { token } = await client.reading(session);
        const next = await client.written(session, { sequence_token: token, data: String(turn) });
        assert.ok(!tokens.has(next), "a token came up twice");
        tokens.add(next);
        await client.holds(session, String(turn), next);
      }
    },
  },
  {
    id: "chain",
    name: "with the token of the last write needs no read in between",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const second = await client.written(session, { sequence_token: session.token, data: "second" });
      const third = await client.written(session, { sequence_token: second, data: "third" });
      await client.holds(session, "third", third);
    },
  },
  {
    id: "token-changes",
    name: "changes the token even where the payload stays the same",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("the same");
      const token = await client.written(session, { sequence_token: session.token, data: "the same" });
      assert.ok(token !== session.token, "the sequence token is the same as before");
      await client.holds(session, "the same", token);
    },
  },
  {
    id: "token-never-repeats",
    name: "never gives a token twice, however fast the writes follow each other",
    section: send,
    level: "must",
    async run(client) {
      const { id, token } = await client.create("the same");
      const tokens = [token];
      for (let last = token; tokens.length < client.times(64, 16); tokens.push(last)) {
        last = await client.written({ id }, { sequence_token: last, data: "the same" });
      }
      assert.ok(new Set(tokens).size === tokens.length, "a sequence token came up twice");
    },
  },
  {
    id: "stale-token",
    name: "with a stale token and other data is a concurrent write, and changes nothing",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const token = await client.written(session, { sequence_token: session.token, data: "winner" });
      await client.conflicts(session, { sequence_token: session.token, data: "loser" });
      await client.conflicts(session, { sequence_token: session.token, data: "" });
      await client.holds(session, "winner", token);
    },
  },
  {
    id: "stale-state",
    name: "with a stale token and the data of that stale state is a concurrent write",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const token = await client.written(session, { sequence_token: session.token, data: "second" });
      await client.conflicts(session, { sequence_token: session.token, data: "first" });
      await client.holds(session, "second", token);
    },
  },
  {
    id: "after-conflict",
    name: "that lost can be made again with the token that was read then",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      await client.written(session, { sequence_token: session.token, data: "winner" });
      await client.conflicts(session, { sequence_token: session.token, data: "loser" });
      const { token } = await client.reading(session);
      const last = await client.written(session, { sequence_token: token, data: "loser" });
      await client.holds(session, "loser", last);
    },
  },
  {
    id: "foreign-token",
    name: "with a token of another session is a concurrent write",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("mine");
      const other = await client.create("mine");
      const foreign = await client.written(other, { sequence_token: other.token, data: "theirs" });
      await client.conflicts(session, { sequence_token: foreign, data: "new" });
      await client.holds(session, "mine", session.token);
    },
  },
  ...Object.entries(NEVER_GIVEN).map(
    ([id, token]): Check => ({
      id,
      name: `with a token that was never given (${JSON.stringify(token.slice(0, 16))}) is a concurrent write`,
      section: send,
      // A token outside of the grammar may as well be called a bad request.
      level: /^[\w.~-]+$/.test(token) ? "must" : "own",
      async run(client) {
        const session = await client.create("first");
        await client.conflicts(session, { sequence_token: token, data: "second" });
        await client.holds(session, "first", session.token);
      },
    }),
  ),
  {
    id: "retry",
    name: "sent again after its answer was lost is answered the current token, and changes nothing",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const body = { sequence_token: session.token, data: "second" };
      const token = await client.written(session, body);
      for (let count = 0; count < 3; count += 1) assert.equal(await client.written(session, body), token);
      await client.holds(session, "second", token);
    },
  },
  {
    id: "retry-any-token",
    name: "of what the slot holds is answered the current token, whichever stale token comes with it",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const other = await client.create("first");
      const second = await client.written(session, { sequence_token: session.token, data: "second" });
      const third = await client.written(session, { sequence_token: second, data: "third" });
      for (const stale of [session.token, second, other.token, "never-given"]) {
        assert.equal(await client.written(session, { sequence_token: stale, data: "third" }), third);
      }
      await client.holds(session, "third", third);
    },
  },
  {
    id: "byte-for-byte",
    name: "tells payloads apart that only look the same",
    section: send,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      const current = await client.written(session, { sequence_token: session.token, data: "caf\u00e9" });
      for (const data of ["cafe\u0301", "caf\u00e9 ", "Caf\u00e9", "\ufeffcaf\u00e9", "caf\u00e9\u0000"]) {
        await client.conflicts(session, { sequence_token: session.token, data });
      }
      await client.holds(session, "caf\u00e9", current);
    },
  },
  {
    id: "not-prolonging",
    name: "does not prolong the session",
    section: MSC4388.expiry,
    level: "should",
    async run(client) {
      const session = await client.create("first");
      const before = await client.reading(session);
      const answer = succeeded(await client.write(session, { sequence_token: session.token, data: "second" }));
      if (answer["expires_in_ms"] !== undefined) assert.ok(integerOf(answer, "expires_in_ms") <= before.expiresInMs);
      const after = await client.reading(session);
      assert.ok(after.expiresInMs <= before.expiresInMs, `${before.expiresInMs} became ${after.expiresInMs}`);
    },
  },
  {
    id: "unknown-session",
    name: "to a session that never was is answered 404 M_NOT_FOUND",
    section,
    level: "must",
    async run(client) {
      for (const id of ["abcdEFG12345", "AAAAAAAAAAAAAAAAAAAAAA", "x".repeat(255)]) {
        failed(await client.write({ id }, { sequence_token: "1", data: "lost" }), 404, "M_NOT_FOUND");
      }
    },
  },
  {
    id: "ignores-access-token",
    name: "pays no heed to a wrong authorisation",
    section: "clients may send the access token of another server",
    level: "clients",
    async run(client) {
      const session = await client.create("first");
      const body = JSON.stringify({ sequence_token: session.token, data: "second" });
      const headers = { Authorization: "Bearer nobody" };
      const answer = succeeded(await client.send("PUT", client.pathOf(session), { headers, body }));
      await client.holds(session, "second", stringOf(answer, "sequence_token"));
    },
  },
];
