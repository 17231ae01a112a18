/**
 * Writes to the store at the path given until it is killed, several sessions at a time, and says before each operation
 * what it is about to do, and after it that this was acknowledged: {@link Line}. The second argument is part of every ID.
 */
import assert from "node:assert/strict";
import { writeSync } from "node:fs";
import process from "node:process";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { runtime } from "@matrix-rendezvous/testkit/runner";
import { NOW, payloadOf } from "./written.ts";

/** `token` is what the operation makes current, `null` where it cancels. */
export interface Line {
  readonly id: string;
  readonly token: string | null;
  readonly acknowledged: boolean;
}

const SESSIONS_AT_ONCE = 6;
const WRITES = 8;

/** The other end must have it even if this process is killed in the very next instant, so nothing here may buffer. */
function say(value: unknown): void {
  for (;;) {
    try {
      writeSync(1, `${JSON.stringify(value)}\n`);
      return;
    } catch (error) {
      // The pipe is full until somebody reads on.
      if (!(error instanceof Error && "code" in error && error.code === "EAGAIN")) throw error;
    }
  }
}

say({ runtime });
const [path = "", life = ""] = process.argv.slice(2);
const store = await openSqliteStore(path);

async function perform(id: string, token: string | null, operation: () => Promise<{ type: string }>): Promise<void> {
  say({ id, token, acknowledged: false } satisfies Line);
  const { type } = await operation();
  assert.ok(["created", "written", "cancelled"].includes(type), type);
  say({ id, token, acknowledged: true } satisfies Line);
}

const caps = { maxSessions: Number.POSITIVE_INFINITY, maxSessionsPerOwner: Number.POSITIVE_INFINITY };

async function useSessions(owner: string): Promise<never> {
  for (let count = 0; ; count += 1) {
    const id = `${life}-${owner}-${count}`;
    let token = `${id}-0`;
    const first = { payload: payloadOf(token), sequenceToken: token, expiresAt: NOW + 1 };
    await perform(id, token, () => store.create(id, first, { ...caps, owner, whenFull: "reject" }, NOW));
    for (let write = 1; write <= WRITES; write += 1) {
      const [expectedToken, nextToken] = [token, `${id}-${write}`];
      const transactionId = write % 2 === 0 ? `m${write}` : undefined;
      const next = { expectedToken, nextToken, payload: payloadOf(nextToken), transactionId };
      await perform(id, nextToken, () => store.write(id, next, NOW));
      token = nextToken;
    }
    if (count % 3 === 0) await perform(id, null, () => store.cancel(id, NOW));
  }
}

await Promise.all(Array.from({ length: SESSIONS_AT_ONCE }, (_, index) => useSessions(`owner-${index}`)));
