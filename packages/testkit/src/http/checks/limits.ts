import assert from "node:assert/strict";
import { failed, fieldsOf, integerOf } from "../answer.ts";
import type { Check, Condition } from "../check.ts";
import { type Client, type Session, sessionOf } from "../client.ts";
import { MATRIX, MSC4388 } from "../sections.ts";

const section = MSC4388.denialOfService;

const whenLimited: Condition = {
  needs: "to know how many sessions a client may have, and to create that many",
  isMet: ({ maxSessionsPerOwner }) => maxSessionsPerOwner !== undefined,
};

export const limitChecks: readonly Check[] = [
  {
    id: "share-full",
    name: "past its share a client is answered 429 M_LIMIT_EXCEEDED, and when to come back",
    section: MATRIX.rateLimiting,
    level: "must",
    when: whenLimited,
    async run(client) {
      await fill(client);
      const answer = await client.post('{"data":""}');
      failed(answer, 429, "M_LIMIT_EXCEEDED");
      const retryAfterMs = integerOf(fieldsOf(answer), "retry_after_ms");
      assert.ok(retryAfterMs > 0 && retryAfterMs <= 300_000, `retry_after_ms is ${retryAfterMs}`);
      const retryAfter = answer.headers.get("retry-after") ?? "";
      assert.match(retryAfter, /^\d+$/, "Retry-After");
      assert.ok(Number(retryAfter) * 1000 >= retryAfterMs, `Retry-After ${retryAfter} comes before ${retryAfterMs} ms`);
    },
  },
  {
    id: "none-lost",
    name: "no session is lost to make room for another",
    section,
    level: "own",
    when: whenLimited,
    async run(client) {
      const sessions = await fill(client);
      for (let count = 0; count < 5; count += 1) failed(await client.post('{"data":""}'), 429, "M_LIMIT_EXCEEDED");
      for (const session of sessions) await client.holds(session, "", session.token);
    },
  },
  {
    id: "others-go-on",
    name: "a full share hinders nobody from reading, writing and cancelling",
    section,
    level: "must",
    when: whenLimited,
    async run(client) {
      const [session] = await fill(client);
      assert.ok(session);
      const token = await client.written(session, { sequence_token: session.token, data: "second" });
      await client.holds(session, "second", token);
      await client.cancelled(session);
    },
  },
  {
    id: "cancel-makes-room",
    name: "a session that is cancelled makes room for another",
    section,
    level: "own",
    when: whenLimited,
    async run(client) {
      const [session] = await fill(client);
      assert.ok(session);
      await client.cancelled(session);
      await client.create();
      failed(await client.post('{"data":""}'), 429, "M_LIMIT_EXCEEDED");
    },
  },
  {
    id: "refused-takes-none",
    name: "a creation that is refused for itself takes no room",
    section,
    level: "own",
    when: whenLimited,
    async run(client) {
      const { maxSessionsPerOwner = 0 } = client.target;
      for (let count = 0; count <= maxSessionsPerOwner; count += 1) failed(await client.post("{}"), 400);
      await fill(client);
    },
  },
  {
    id: "polling",
    name: "two devices that ask each second for ten minutes are never answered 429",
    section: "clients take any 4xx for the end: budgets are for abuse, not for polling",
    level: "clients",
    when: {
      needs: "1,200 reads, which a server that is somebody else's is not sent",
      isMet: ({ courtesy }) => courtesy === undefined,
    },
    async run(client) {
      const session = await client.create("polled");
      for (let asked = 0; asked < 2 * 600; asked += 100) {
        await Promise.all(Array.from({ length: 100 }, () => client.holds(session, "polled", session.token)));
      }
    },
  },
];

/** As many sessions as one client may have. */
async function fill(client: Client): Promise<Session[]> {
  const { maxSessionsPerOwner = 0 } = client.target;
  const sessions: Session[] = [];
  while (sessions.length < maxSessionsPerOwner) sessions.push(sessionOf(await client.post('{"data":""}')));
  return sessions;
}
