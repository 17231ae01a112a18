import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { failed } from "../answer.ts";
import type { Check, Condition } from "../check.ts";
import { type Client, readingOf, type Session } from "../client.ts";
import { MSC4388 } from "../sections.ts";

const section = MSC4388.expiry;

const whenShort: Condition = {
  needs: "sessions that live for seconds, to watch their end to the millisecond",
  isMet: ({ sessionTtlMs }) => sessionTtlMs !== undefined,
};
const whenLong: Condition = { needs: "sessions that live for minutes", isMet: (target) => !whenShort.isMet(target) };
export const whenWaiting: Condition = {
  needs: "to wait until a session has expired, which was not asked for",
  isMet: ({ waitForExpiry }) => waitForExpiry === true,
};

/** How far this clock and the server's may drift apart while a session lives, in milliseconds. */
const DRIFT_MS = 20;

/** How long before its end a session is looked at again and again, in milliseconds. */
const WATCHED_MS = 200;

/** How long a session's end is waited for, and how long after it the session may still be there, in milliseconds. */
export const LONGEST_WAIT_MS = 310_000;
const LATE_MS = 1000;

/** A session, and the times between which it was created, by this clock. */
interface Mortal extends Session {
  readonly after: number;
  readonly before: number;
}

export const expiryChecks: readonly Check[] = [
  {
    id: "lifetime",
    name: "a session lives for 120 to 300 seconds",
    section: MSC4388.duration,
    level: "should",
    when: whenLong,
    async run(client) {
      const { expiresInMs, after, before } = await createMortal(client);
      const taken = before - after + DRIFT_MS;
      assert.ok(expiresInMs >= 120_000 - taken && expiresInMs <= 300_000, `lives for ${expiresInMs} ms`);
    },
  },
  {
    id: "gone-at-once",
    name: "a session lives for as long as it says, and then is a 404 M_NOT_FOUND at once",
    section,
    level: "must",
    when: whenShort,
    async run(client) {
      const { sessionTtlMs = 0 } = client.target;
      const session = await createMortal(client);
      const taken = session.before - session.after + DRIFT_MS;
      assert.ok(session.expiresInMs <= sessionTtlMs && session.expiresInMs >= sessionTtlMs - taken);
      await untilGone(client, session);
    },
  },
  {
    id: "final",
    name: "what has expired can't be read, written or cancelled any more",
    section,
    level: "must",
    when: whenShort,
    async run(client) {
      const session = await createMortal(client);
      await untilGone(client, session);
      const { token } = session;
      failed(await client.write(session, { sequence_token: token, data: "alive" }), 404, "M_NOT_FOUND");
      failed(await client.write(session, { sequence_token: token, data: "mortal" }), 404, "M_NOT_FOUND");
      failed(await client.cancel(session), 404, "M_NOT_FOUND");
      failed(await client.read(session), 404, "M_NOT_FOUND");
    },
  },
  {
    id: "over",
    name: "what has expired is a 404 M_NOT_FOUND to read, write and cancel",
    section,
    level: "must",
    when: whenWaiting,
    async run(client) {
      const session = await client.create("mortal");
      assert.ok(session.expiresInMs <= LONGEST_WAIT_MS, `lives for ${session.expiresInMs} ms`);
      await setTimeout(session.expiresInMs + LATE_MS);
      failed(await client.read(session), 404, "M_NOT_FOUND");
      failed(await client.write(session, { sequence_token: session.token, data: "alive" }), 404, "M_NOT_FOUND");
      failed(await client.cancel(session), 404, "M_NOT_FOUND");
    },
  },
  {
    id: "absolute",
    name: "no write prolongs a session",
    section,
    level: "own",
    when: whenShort,
    async run(client) {
      const session = await createMortal(client);
      const second = await client.written(session, { sequence_token: session.token, data: "second" }, "m1");
      await setTimeout(session.expiresInMs / 4);
      await client.written(session, { sequence_token: second, data: "third" });
      await client.written(session, { sequence_token: second, data: "third" });
      await client.written(session, { sequence_token: session.token, data: "second" }, "m1");
      await untilGone(client, session);
    },
  },
  {
    id: "frees-share",
    name: "expired sessions take nobody's share",
    section: "limits are of live sessions",
    level: "own",
    when: {
      needs: "sessions that live for seconds, and to know how many a client may have",
      isMet: (target) => whenShort.isMet(target) && target.maxSessionsPerOwner !== undefined,
    },
    async run(client) {
      const { maxSessionsPerOwner = 0 } = client.target;
      for (let round = 0; round < 2; round += 1) {
        const sessions: Mortal[] = [];
        while (sessions.length < maxSessionsPerOwner) sessions.push(await createMortal(client));
        await Promise.all(sessions.map((session) => untilGone(client, session)));
      }
    },
  },
];

async function createMortal(client: Client): Promise<Mortal> {
  const after = performance.now();
  const session = await client.create("mortal");
  return { ...session, after, before: performance.now() };
}

/**
 * Reads until there is nothing to read: that must not be answered before the session's end, and nothing else to who asks
 * after it. What is left must fall, and is never negative.
 */
async function untilGone(client: Client, session: Mortal): Promise<void> {
  const { after, before, expiresInMs } = session;
  await setTimeout(Math.max(0, after + expiresInMs - performance.now() - WATCHED_MS));
  for (let left = expiresInMs; ; ) {
    const asked = performance.now();
    const answer = await client.read(session);
    if (answer.status !== 200) {
      failed(answer, 404, "M_NOT_FOUND");
      assert.ok(performance.now() > after + expiresInMs - DRIFT_MS, "gone before its end");
      return;
    }
    assert.ok(asked < before + expiresInMs + DRIFT_MS, "still there after its end");
    const now = readingOf(answer).expiresInMs;
    assert.ok(now >= 0 && now <= left, `${left} ms were followed by ${now}`);
    left = now;
  }
}
