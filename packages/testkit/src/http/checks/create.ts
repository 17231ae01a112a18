import assert from "node:assert/strict";
import { succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { type Session, sessionOf } from "../client.ts";
import { MATRIX, MSC4388 } from "../sections.ts";

const section = MSC4388.create;

/** Matrix specification, appendix "Opaque identifiers". */
const OPAQUE_IDENTIFIER = /^[0-9A-Za-z._~-]{1,255}$/;

/** What JSON may be called. */
const TYPES: readonly (Pick<Check, "id" | "level"> & { readonly type: string })[] = [
  { id: "type-with-charset", type: "application/json; charset=utf-8", level: "clients" },
  { id: "type-in-capitals", type: "APPLICATION/JSON", level: "clients" },
  { id: "type-text", type: "text/plain;charset=UTF-8", level: "own" },
  { id: "type-bytes", type: "application/octet-stream", level: "own" },
];

export const createChecks: readonly Check[] = [
  {
    id: "members",
    name: "answers an ID, a sequence token and what is left of the session's life",
    section,
    level: "must",
    async run(client) {
      const { expiresInMs } = await client.create();
      assert.ok(expiresInMs > 0);
    },
  },
  {
    id: "stores-payload",
    name: "stores the payload under the token that it answers",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("what was sent first");
      await client.holds(session, "what was sent first", session.token);
    },
  },
  {
    id: "empty-payload",
    name: "accepts an empty payload",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("");
      await client.holds(session, "", session.token);
    },
  },
  {
    id: "id-grammar",
    name: "gives an ID that is an opaque identifier",
    section: MSC4388.concept,
    level: "must",
    async run(client) {
      assert.match((await client.create()).id, OPAQUE_IDENTIFIER);
    },
  },
  {
    id: "token-grammar",
    name: "gives a sequence token that is an opaque identifier",
    section: MSC4388.send,
    level: "must",
    async run(client) {
      const session = await client.create();
      assert.match(session.token, OPAQUE_IDENTIFIER);
      assert.match(await client.written(session, { sequence_token: session.token, data: "next" }), OPAQUE_IDENTIFIER);
    },
  },
  {
    id: "separate-sessions",
    name: "starts sessions that know nothing of each other",
    section,
    level: "must",
    async run(client) {
      const first = await client.create("the same");
      const second = await client.create("the same");
      assert.notEqual(first.id, second.id);
      await client.written(first, { sequence_token: first.token, data: "other" });
      await client.holds(second, "the same", second.token);
    },
  },
  {
    id: "id-random",
    name: "gives an ID that is no guess and tells nothing of when it was made",
    section: "the ID is the session's only secret: 128 bits at least, no time in it",
    level: "own",
    async run(client) {
      const sessions: Session[] = [];
      for (let count = 0; count < 8; count += 1) sessions.push(await client.create());
      for (const { id } of sessions) assert.ok(id.length >= 22, `only ${id.length} characters`);
      // What was made within a second shares its first characters if they are a time.
      assert.equal(new Set(sessions.map(({ id }) => id.slice(0, 8))).size, sessions.length);
    },
  },
  {
    id: "unknown-members",
    name: "ignores fields that it does not know",
    section: "members that a server does not know are ignored, so that the API can grow",
    level: "clients",
    async run(client) {
      const body = { data: "known", id: "mine", sequence_token: 1, "org.example.unknown": { deep: [null] } };
      const session = sessionOf(await client.post(JSON.stringify(body)));
      assert.notEqual(session.id, "mine");
      await client.holds(session, "known", session.token);
    },
  },
  {
    id: "query-string",
    name: "pays no heed to a query string",
    section: "a query parameter that a server does not know is ignored",
    level: "clients",
    async run(client) {
      succeeded(
        await client.send("POST", `${client.root}?unknown=1`, {
          headers: client.authorization,
          body: '{"data":""}',
        }),
      );
    },
  },
  ...TYPES.map(
    ({ id, type, level }): Check => ({
      id,
      name: `reads JSON that is sent as ${type}`,
      section: MATRIX.standards,
      level,
      async run(client) {
        const session = sessionOf(await client.post('{"data":"typed"}', { "Content-Type": type }));
        await client.holds(session, "typed", session.token);
      },
    }),
  ),
  {
    id: "no-content-type",
    name: "reads JSON that is sent without a Content-Type",
    section: MATRIX.standards,
    level: "clients",
    async run(client) {
      const body = '{"data":"untyped"}';
      const head = client.head("POST", client.root, ...client.authorizationLines, `Content-Length: ${body.length}`);
      const session = sessionOf(await client.ask("POST", head + body));
      await client.holds(session, "untyped", session.token);
    },
  },
];
