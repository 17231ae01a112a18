import assert from "node:assert/strict";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { Child } from "../src/child.ts";
import { startTarget } from "../src/target.ts";

const running = (code: string): readonly string[] => [process.execPath, "-e", code];

test("a program that measures itself is heard, asked, and let go", async () => {
  const child = new Child(running(`console.log(1); process.stdin.on("data", () => console.log('{"two":2}'))`));
  assert.equal(await child.hear(), 1);
  assert.deepEqual(await child.ask(), { two: 2 });
  await child.end();
});

test("one that has ended by itself is an error, and nothing waits for it", async () => {
  const child = new Child(running(""));
  await assert.rejects(child.hear(), /has ended/);
  await child.end();
});

test("a server is waited for until it says where it listens, whatever it says before", async () => {
  const said = `console.log("a warning\\nlistens on http://127.0.0.1:1 (a server)"); setInterval(() => {}, 1e6)`;
  const target = await startTarget("a server", running(said));
  assert.equal(target.url, "http://127.0.0.1:1");
  assert.ok(target.cpu.us() > 0);
  await target.stop();
});

test("a server that ends without a word is an error", async () => {
  await assert.rejects(startTarget("a mute server", running("")), /a mute server did not say where it listens/);
});
