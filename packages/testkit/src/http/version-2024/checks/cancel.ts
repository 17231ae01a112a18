import assert from "node:assert/strict";
import { describe, failed } from "../../answer.ts";
import { MSC4108 } from "../../sections.ts";
import { type Check2024, unknownOf } from "../client.ts";

const section = MSC4108.cancel;

export const cancelChecks: readonly Check2024[] = [
  {
    id: "answers-204",
    name: "answers 204",
    section,
    level: "must",
    async run(client) {
      const answer = await client.cancel(await client.create());
      assert.ok(answer.status === 204, `answered ${describe(answer)}`);
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
      failed(await client.read(session), 404, "M_NOT_FOUND");
      failed(await client.write(session, session.etag, "gone"), 404, "M_NOT_FOUND");
      failed(await client.cancel(session), 404, "M_NOT_FOUND");
    },
  },
  {
    id: "unknown-session",
    name: "of a session that never was is answered 404 M_NOT_FOUND",
    section,
    level: "must",
    async run(client) {
      failed(await client.cancel(unknownOf(await client.create())), 404, "M_NOT_FOUND");
    },
  },
];
