import assert from "node:assert/strict";
import { type Answer, failed } from "../answer.ts";
import type { Check } from "../check.ts";
import { type Client, readingOf, type Session } from "../client.ts";

const section = 'MSC4388 "Expiry"';

const whenShort: NonNullable<Check["when"]> = ({ sessionTtlMs }) => sessionTtlMs !== undefined;

/** How late a clock and a busy machine may make an answer, in milliseconds. */
const LATE_MS = 1000;

export const expiryChecks: readonly Check[] = [
  {
    name: "a session lives for 120 to 300 seconds",
    section: 'MSC4388 "Maximum duration of a rendezvous"',
    level: "should",
    when: (target) => !whenShort(target),
    async run(client) {
      const { expiresInMs } = await client.create();
      assert.ok(expiresInMs > 120_000 - LATE_MS && expiresInMs <= 300_000, `lives for ${expiresInMs} ms`);
    },
  },
  {
    name: "a session lives for as long as it says, and then is a 404 M_NOT_FOUND at once",
    section,
    level: "must",
    when: whenShort,
    async run(client) {
      const { sessionTtlMs = 0 } = client.target;
      const created = performance.now();
      const session = await client.create("mortal");
      assert.ok(session.expiresInMs <= sessionTtlMs && session.expiresInMs > sessionTtlMs - LATE_MS);
      failed(await untilGone(client, session), 404, "M_NOT_FOUND");
      const lived = performance.now() - created;
      assert.ok(lived > session.expiresInMs - 1 && lived < sessionTtlMs + LATE_MS, `lived for ${lived} ms`);
    },
  },
  {
    name: "what has expired can't be read, written or cancelled any more",
    section,
    level: "must",
    when: whenShort,
    async run(client) {
      const session = await client.create("mortal");
      await untilGone(client, session);
      const { token } = session;
      failed(await client.write(session, { sequence_token: token, data: "alive" }), 404, "M_NOT_FOUND");
      failed(await client.write(session, { sequence_token: token, data: "mortal" }), 404, "M_NOT_FOUND");
      failed(await client.write(session, { sequence_token: token, data: "mortal" }, "m1"), 404, "M_NOT_FOUND");
      failed(await client.cancel(session), 404, "M_NOT_FOUND");
      failed(await client.read(session), 404, "M_NOT_FOUND");
    },
  },
  {
    name: "no number of writes prolongs a session",
    section: `${section}: absolute, from creation`,
    level: "ours",
    when: whenShort,
    async run(client) {
      const { sessionTtlMs = 0 } = client.target;
      const created = performance.now();
      const session = await client.create("0");
      let { token } = session;
      for (let turn = 1; ; turn += 1) {
        const answer = await client.write(session, { sequence_token: token, data: String(turn) });
        if (answer.status === 404) break;
        token = await client.written(session, { sequence_token: "never-given", data: String(turn) });
        assert.ok(performance.now() - created < sessionTtlMs + LATE_MS, "still alive");
      }
      failed(await client.read(session), 404, "M_NOT_FOUND");
    },
  },
  {
    name: "expired sessions take nobody's share",
    section,
    level: "ours",
    when: (target) => whenShort(target) && target.maxSessionsPerOwner !== undefined,
    async run(client) {
      const { maxSessionsPerOwner = 0 } = client.target;
      for (let round = 0; round < 2; round += 1) {
        const sessions: Session[] = [];
        while (sessions.length < maxSessionsPerOwner) sessions.push(await client.create());
        for (const session of sessions) await untilGone(client, session);
      }
    },
  },
];

/** Reads until there is nothing to read; what is left must be an integer that falls, and is never negative. */
async function untilGone(client: Client, session: Session): Promise<Answer> {
  for (let left = session.expiresInMs; ; ) {
    const answer = await client.read(session);
    if (answer.status !== 200) return answer;
    const { expiresInMs } = readingOf(answer);
    assert.ok(expiresInMs >= 0 && expiresInMs <= left, `${left} was followed by ${expiresInMs}`);
    left = expiresInMs;
  }
}
