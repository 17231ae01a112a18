import assert from "node:assert/strict";
import { answerOf, bytesOf } from "./answer.ts";
import { admission } from "./contract/admission.ts";
import { concurrency } from "./contract/concurrency.ts";
import { createAndRead } from "./contract/create-and-read.ts";
import { eviction } from "./contract/eviction.ts";
import { expiry } from "./contract/expiry.ts";
import { payload } from "./contract/payload.ts";
import { LIFETIME_MS, type Rules, Scenario, START } from "./contract/scenario.ts";
import { sweep } from "./contract/sweep.ts";
import { transactions } from "./contract/transactions.ts";
import { watch } from "./contract/watch.ts";
import { write } from "./contract/write.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** One thing to test about a store; `run` rejects where the store does otherwise. */
export interface Check {
  /** Says what must hold. */
  readonly name: string;
  /** Tries it on an empty store. */
  run(): Promise<void>;
}

const RULES: Rules = {
  ...createAndRead,
  ...write,
  ...payload,
  ...transactions,
  ...expiry,
  ...admission,
  ...eviction,
  ...sweep,
  ...concurrency,
};

/** What every store promises, rule by rule. */
export function storeContract(store: StoreUnderTest): readonly Check[] {
  const rules = { ...RULES, ...(store.watches ? watch : WITHOUT_WATCH) };
  const checks = Object.entries(rules).map(([name, rule]) => ({ name, run: () => Scenario.run(store, rule) }));
  if (!store.shared) return checks;
  return [...checks, { name: "a session outlives the handles it was used through", run: () => outlivesHandles(store) }];
}

/** So that no store's `watch` goes untested. */
const WITHOUT_WATCH: Rules = {
  "a store that cannot tell of changes has no watch": async (s) =>
    assert.equal(s.handles[0].watch, undefined, "the store has a watch: its `StoreUnderTest` must say so"),
};

async function outlivesHandles(store: StoreUnderTest): Promise<void> {
  const sandbox = await store.fresh();
  try {
    const first = await sandbox.open();
    const session = { payload: bytesOf("one"), sequenceToken: "first", expiresAt: START + LIFETIME_MS };
    const admission = { owner: "alice", maxSessions: 1, maxSessionsPerOwner: 1, whenFull: "reject" } as const;
    await first.create("id", session, admission, START);
    const write = { expectedToken: "first", nextToken: "second", payload: bytesOf("two"), transactionId: "m1" };
    await first.write("id", write, START + 1);
    await first.close();
    const second = await sandbox.open();
    const revision = { token: "second", modifiedAt: START + 1, expiresAt: START + LIFETIME_MS };
    assert.deepEqual(answerOf(await second.read("id", START + 2)), { type: "found", payload: "two", ...revision });
    assert.deepEqual(answerOf(await second.write("id", write, START + 2)), { type: "replayed", ...revision });
    const full = { type: "full", scope: "owner", retryAt: START + LIFETIME_MS };
    assert.deepEqual(answerOf(await second.create("other", session, admission, START + 2)), full);
    await second.close();
  } finally {
    await sandbox.remove();
  }
}
