import assert from "node:assert/strict";
import { succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { type Session, sessionOf } from "../client.ts";

const section = 'MSC4388 "POST /_matrix/client/v1/rendezvous"';

/** Matrix specification, appendix "Opaque identifiers". */
const OPAQUE_IDENTIFIER = /^[0-9A-Za-z._~-]{1,255}$/;

export const createChecks: readonly Check[] = [
  {
    name: "answers an ID, a sequence token and what is left of the session's life",
    section,
    level: "must",
    async run(client) {
      const { expiresInMs } = await client.create();
      assert.ok(expiresInMs > 0);
    },
  },
  {
    name: "stores the payload under the token that it answers",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("what was sent first");
      await client.holds(session, "what was sent first", session.token);
    },
  },
  {
    name: "accepts an empty payload",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("");
      await client.holds(session, "", session.token);
    },
  },
  {
    name: "gives an ID that is an opaque identifier",
    section: 'MSC4388 "Concept": the rendezvous ID',
    level: "must",
    async run(client) {
      assert.match((await client.create()).id, OPAQUE_IDENTIFIER);
    },
  },
  {
    name: "gives a sequence token that is an opaque identifier",
    section: 'MSC4388 "The send mechanism": sequence_token',
    level: "must",
    async run(client) {
      const session = await client.create();
      assert.match(session.token, OPAQUE_IDENTIFIER);
      assert.match(await client.written(session, { sequence_token: session.token, data: "next" }), OPAQUE_IDENTIFIER);
    },
  },
  {
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
    name: "gives an ID that is no guess and tells nothing of when it was made",
    section: "the ID is the session's only secret: 128 bits at least, no time in it",
    level: "ours",
    async run(client) {
      const sessions: Session[] = [];
      for (let count = 0; count < 8; count += 1) sessions.push(await client.create());
      for (const { id } of sessions) assert.ok(id.length >= 22, `only ${id.length} characters`);
      // What was made within a second shares its first characters if they are a time.
      assert.equal(new Set(sessions.map(({ id }) => id.slice(0, 8))).size, sessions.length);
    },
  },
  {
    name: "ignores fields that it does not know",
    section: "Matrix specification: unknown keys are ignored",
    level: "clients",
    async run(client) {
      const body = { data: "known", id: "mine", sequence_token: 1, "org.example.unknown": { deep: [null] } };
      const session = sessionOf(await client.post(JSON.stringify(body)));
      assert.notEqual(session.id, "mine");
      await client.holds(session, "known", session.token);
    },
  },
  {
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
  ...[
    "application/json; charset=utf-8",
    "APPLICATION/JSON",
    "text/plain;charset=UTF-8",
    "application/octet-stream",
  ].map(
    (type): Check => ({
      name: `reads JSON that is sent as ${type}`,
      section: "clients differ in what they call their JSON",
      level: type.toLowerCase().startsWith("application/json") ? "clients" : "ours",
      async run(client) {
        const session = sessionOf(await client.post('{"data":"typed"}', { "Content-Type": type }));
        await client.holds(session, "typed", session.token);
      },
    }),
  ),
  {
    name: "reads JSON that is sent without a Content-Type",
    section: "clients differ in what they call their JSON",
    level: "clients",
    async run(client) {
      const body = '{"data":"untyped"}';
      const wire = await client.dial();
      await wire.write(
        client.head("POST", client.root, ...client.authorizationLines, `Content-Length: ${body.length}`) + body,
      );
      const session = sessionOf(await wire.answer());
      await client.holds(session, "untyped", session.token);
    },
  },
];
