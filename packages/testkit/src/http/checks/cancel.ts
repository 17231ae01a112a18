import assert from "node:assert/strict";
import { failed, fieldsOf, succeeded } from "../answer.ts";
import type { Check } from "../check.ts";
import { MATRIX, MSC4388 } from "../sections.ts";

const section = MSC4388.cancel;

export const cancelChecks: readonly Check[] = [
  {
    id: "answers-200",
    name: "answers 200",
    section,
    level: "must",
    async run(client) {
      await client.cancelled(await client.create());
    },
  },
  {
    id: "answers-object",
    name: "answers a JSON object",
    section: MATRIX.standards,
    level: "must",
    async run(client) {
      fieldsOf(await client.cancel(await client.create()));
    },
  },
  {
    id: "empty-object",
    name: "answers an empty object",
    section,
    level: "own",
    async run(client) {
      assert.deepEqual(succeeded(await client.cancel(await client.create())), {});
    },
  },
  {
    id: "is-final",
    name: "makes every later read, write and cancellation a 404 M_NOT_FOUND",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("gone");
      await client.cancel(session);
      const body = { sequence_token: session.token, data: "gone" };
      failed(await client.read(session), 404, "M_NOT_FOUND");
      failed(await client.write(session, body), 404, "M_NOT_FOUND");
      failed(await client.cancel(session), 404, "M_NOT_FOUND");
      failed(await client.read(session), 404, "M_NOT_FOUND");
    },
  },
  {
    id: "needs-no-token",
    name: "needs no token to be current",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("first");
      await client.written(session, { sequence_token: session.token, data: "second" });
      await client.cancel(session);
      failed(await client.read(session), 404, "M_NOT_FOUND");
    },
  },
  {
    id: "leaves-others",
    name: "leaves other sessions alone",
    section,
    level: "must",
    async run(client) {
      const session = await client.create("goes");
      const other = await client.create("stays");
      await client.cancel(session);
      await client.holds(other, "stays", other.token);
    },
  },
  {
    id: "unknown-session",
    name: "of a session that never was is answered 404 M_NOT_FOUND",
    section,
    level: "must",
    async run(client) {
      for (const id of ["abcdEFG12345", "AAAAAAAAAAAAAAAAAAAAAA"]) {
        failed(await client.cancel({ id }), 404, "M_NOT_FOUND");
      }
    },
  },
  {
    id: "ignores-body",
    name: "pays no heed to a body, nor to an authorisation",
    section,
    level: "own",
    async run(client) {
      const session = await client.create();
      const headers = { Authorization: "Bearer nobody" };
      succeeded(await client.send("DELETE", client.pathOf(session), { headers, body: "{}" }));
      failed(await client.read(session), 404, "M_NOT_FOUND");
    },
  },
];
