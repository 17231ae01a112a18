import assert from "node:assert/strict";
import { MAX_IDENTIFIER_LENGTH, MAX_TRANSACTIONS } from "@matrix-rendezvous/core";
import { LIFETIME_MS, type Rules, START } from "./scenario.ts";

export const transactions: Rules = {
  "a repeated transaction gets its token again, and is not evaluated": async (s) => {
    const { id, token, expiresAt } = await s.start();
    const request = { expected: token, next: "second", payload: "two", transactionId: "m1" };
    assert.equal((await s.write(id, request)).type, "written");
    s.passTo(START + 1000);
    await s.write(id, { expected: "second", next: "third", payload: "three" });
    const current = await s.read(id);
    s.passTo(START + 2000);
    const replayed = { type: "replayed", token: "second", modifiedAt: START + 1000, expiresAt };
    assert.deepEqual(await s.write(id, { ...request, next: "unused" }), replayed);
    const another = { expected: "third", next: "unused", payload: "four", transactionId: "m1" };
    assert.deepEqual(await s.write(id, another), replayed);
    assert.deepEqual(await s.read(id), current);
  },

  "a repeated transaction that was a conflict is a conflict again, even where it would win now": async (s) => {
    const { id, token } = await s.start();
    assert.equal((await s.write(id, { expected: "stale", transactionId: "m1" })).type, "conflict");
    s.passTo(START + 1000);
    await s.write(id, { expected: token, next: "second", payload: "two" });
    const { payload, ...revision } = await s.read(id);
    const repeated = await s.write(id, { expected: "second", payload: "three", transactionId: "m1" });
    assert.deepEqual(repeated, { ...revision, type: "conflict" });
    const retried = await s.write(id, { expected: "stale", payload: "two", transactionId: "m1" });
    assert.deepEqual(retried, { ...revision, type: "conflict" });
    assert.deepEqual(await s.read(id), { payload, ...revision });
  },

  "a repeated transaction that was a retry gets the token that was current then": async (s) => {
    const { id, token } = await s.start({ payload: "one" });
    const retry = { expected: "stale", payload: "one", transactionId: "m1" };
    assert.equal((await s.write(id, retry)).type, "unchanged");
    await s.write(id, { expected: token, next: "second", payload: "two" });
    const { type, token: answered } = await s.write(id, retry);
    assert.deepEqual([type, answered], ["replayed", token]);
  },

  "a write without a transaction ID is always evaluated": async (s) => {
    const { id, token } = await s.start();
    const request = { expected: token, next: "second", payload: "two" };
    await s.write(id, { ...request, transactionId: "m1" });
    assert.equal((await s.write(id, { ...request, next: "third" })).type, "unchanged");
    assert.equal((await s.write(id, { ...request, payload: "three" })).type, "conflict");
  },

  "the oldest transaction is forgotten first, by when it was first answered": async (s) => {
    const { id, token } = await s.start();
    const expected = (count: number): string => (count === 0 ? token : `next-${count}`);
    const write = (count: number, payload: string) =>
      s.write(id, { expected: expected(count), next: `next-${count + 1}`, payload, transactionId: `m${count}` });
    for (let count = 0; count < MAX_TRANSACTIONS; count += 1) {
      assert.equal((await write(count, `payload ${count}`)).type, "written");
    }
    for (let count = 0; count < MAX_TRANSACTIONS; count += 1) {
      const { type, token: answered } = await write(count, "ignored");
      assert.deepEqual([type, answered], ["replayed", `next-${count + 1}`]);
    }
    assert.equal((await write(MAX_TRANSACTIONS, "one more")).type, "written");
    for (let count = 1; count <= MAX_TRANSACTIONS; count += 1)
      assert.equal((await write(count, "ignored")).type, "replayed");
    assert.equal((await write(0, "evaluated again")).type, "conflict");
    assert.equal((await write(1, "evaluated again")).type, "conflict");
    assert.equal((await write(3, "ignored")).type, "replayed");
  },

  "conflicts and retries are remembered as long as other transactions": async (s) => {
    const { id, token } = await s.start({ payload: "one" });
    const conflict = { expected: "stale", payload: "lost", transactionId: "conflict" };
    const retry = { expected: "stale", payload: "one", transactionId: "retry" };
    await s.write(id, conflict);
    await s.write(id, retry);
    let current = token;
    for (let count = 2; count < MAX_TRANSACTIONS; count += 1) {
      current = (await s.write(id, { expected: current, payload: "one", transactionId: `m${count}` })).token ?? "";
    }
    assert.equal((await s.write(id, { ...conflict, expected: current })).type, "conflict");
    assert.equal((await s.write(id, { ...retry, payload: "lost" })).type, "replayed");
    current = (await s.write(id, { expected: current, payload: "one", transactionId: "one more" })).token ?? "";
    assert.equal((await s.write(id, { ...retry, payload: "lost" })).type, "replayed");
    assert.equal((await s.write(id, { ...conflict, expected: current })).type, "written");
  },

  "transactions of one session are unknown to another": async (s) => {
    const [left, right] = [await s.start(), await s.start()];
    await s.write(left.id, { expected: left.token, transactionId: "m1" });
    assert.equal((await s.write(right.id, { expected: right.token, transactionId: "m1" })).type, "written");
  },

  "transactions are forgotten with their session, whether it was cancelled or expired": async (s) => {
    const request = { expected: "token", next: "second", transactionId: "m1" };
    await s.start({ id: "id", token: "token" });
    assert.equal((await s.write("id", request)).type, "written");
    await s.cancel("id");
    await s.start({ id: "id", token: "token" });
    assert.equal((await s.write("id", request)).type, "written");
    s.passTo(START + LIFETIME_MS);
    assert.deepEqual(await s.write("id", request), { type: "absent" });
    await s.start({ id: "id", token: "token" });
    assert.equal((await s.write("id", request)).type, "written");
  },

  "transaction IDs are compared exactly, whatever printable characters they have": async (s) => {
    const { id, token } = await s.start();
    const printable = Array.from({ length: 94 }, (_, index) => String.fromCharCode(0x21 + index)).join("");
    const strange = ["%", "_", "*", '"', "'", "\\", ":", ",", "{}", "__proto__"];
    const ids = [printable, "m1", "M1", ...strange, "1", "01", "x".repeat(MAX_IDENTIFIER_LENGTH)];
    assert.equal(ids.length, MAX_TRANSACTIONS);
    let current = token;
    for (const transactionId of ids) {
      const { type, token: next } = await s.write(id, { expected: current, transactionId });
      assert.deepEqual([transactionId, type], [transactionId, "written"]);
      current = next ?? "";
    }
    for (const transactionId of ids)
      assert.equal((await s.write(id, { expected: "", transactionId })).type, "replayed");
  },
};
