import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { failed } from "../../answer.ts";
import { LONGEST_WAIT_MS, whenWaiting } from "../../checks/expiry.ts";
import { MSC4108 } from "../../sections.ts";
import { type Check2024, sessionOf } from "../client.ts";

/** How far two clocks may differ, in milliseconds. */
const SLACK_MS = 5000;

/** How long after its end a session may still be there, in milliseconds: Expires is told in whole seconds. */
const LATE_MS = 2000;

export const expiryChecks: readonly Check2024[] = [
  {
    id: "lifetime",
    name: "a session lives for a minute at least",
    section: MSC4108.duration,
    level: "should",
    async run(client) {
      const { headers } = await client.post("first");
      const livesMs = Date.parse(headers.get("expires") ?? "") - Date.now();
      assert.ok(livesMs >= 60_000 - SLACK_MS, `lives for ${livesMs} ms`);
    },
  },
  {
    id: "over",
    name: "what has expired is a 404 M_NOT_FOUND to read, write and cancel",
    section: MSC4108.expiry,
    level: "must",
    when: whenWaiting,
    async run(client) {
      const answer = await client.post("mortal");
      const session = sessionOf(answer);
      const livesMs = Date.parse(answer.headers.get("expires") ?? "") - Date.now();
      assert.ok(livesMs <= LONGEST_WAIT_MS, `lives for ${livesMs} ms`);
      await setTimeout(livesMs + LATE_MS);
      failed(await client.read(session), 404, "M_NOT_FOUND");
      failed(await client.write(session, session.etag, "alive"), 404, "M_NOT_FOUND");
      failed(await client.cancel(session), 404, "M_NOT_FOUND");
    },
  },
  {
    id: "not-prolonging",
    name: "a write does not prolong the session",
    section: "the 2025 version has it: a session's life is from its creation",
    level: "own",
    async run(client) {
      const session = await client.create("first");
      const before = Date.parse((await client.read(session)).headers.get("expires") ?? "");
      const { headers } = await client.write(session, session.etag, "second");
      assert.ok(Date.parse(headers.get("expires") ?? "") <= before, "Expires moved");
    },
  },
];
