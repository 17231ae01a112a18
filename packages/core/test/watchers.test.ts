import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { Watchers } from "../src/lib/watchers.ts";

const { signal: never } = new AbortController();
const unchanged = async (): Promise<boolean> => true;

test("What has changed before the wait began is found out, and leaves nobody waiting", async () => {
  const watchers = new Watchers();
  assert.equal(await watchers.waitWhile("a", async () => false, never), false);
  assert.deepEqual([...watchers.ids], []);
});

test("What changes while it is looked at ends the wait, whatever the look says later", async () => {
  const watchers = new Watchers();
  const look = Promise.withResolvers<boolean>();
  const waiting = watchers.waitWhile("a", () => look.promise, never);
  watchers.wake("a");
  assert.equal(await waiting, true);
  look.reject(new Error("too late to matter"));
  assert.deepEqual([...watchers.ids], []);
});

test("A wait ends with its own session, with all, or with its signal", async () => {
  const watchers = new Watchers();
  const abort = new AbortController();
  const ended: string[] = [];
  const wait = async (id: string, signal = never): Promise<void> => {
    assert.equal(await watchers.waitWhile(id, unchanged, signal), true);
    ended.push(id);
  };
  const [a, b, c] = [wait("a"), wait("b", abort.signal), wait("c")];
  watchers.wake("a");
  await a;
  assert.deepEqual([...watchers.ids], ["b", "c"]);
  abort.abort();
  await b;
  watchers.wakeAll();
  await c;
  assert.deepEqual(ended, ["a", "b", "c"]);
  assert.deepEqual([...watchers.ids], []);
});

test("A look that fails fails the wait, and leaves nobody waiting", async () => {
  const watchers = new Watchers();
  const failing = (): Promise<boolean> => Promise.reject(new Error("away"));
  await assert.rejects(watchers.waitWhile("a", failing, never), { message: "away" });
  assert.deepEqual([...watchers.ids], []);
});

test("Whose signal is aborted already neither looks nor waits", async () => {
  const watchers = new Watchers();
  const look = (): Promise<boolean> => assert.fail("it looked");
  assert.equal(await watchers.waitWhile("a", look, AbortSignal.abort()), true);
});
