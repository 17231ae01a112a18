import assert from "node:assert/strict";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openDenoKvStore } from "../src/index.ts";
import { outputOf, startChild } from "./child.ts";
import { withFile } from "./file.ts";
import { lastBeforeKill } from "./killed-writer.ts";

const PROCESSES = 4;
/** How often a process that writes is killed; in rounds of at most 20, each a test. */
const KILLS = Number(process.env["KILLS"] ?? 5);
/** Most writes between two kills. */
const MOST_WRITES = 100;

test("creations of several processes fill the caps, and never exceed them", async () => {
  await withFile(async (path) => {
    const [cap, attempts] = [40, 40];
    const children = Array.from({ length: PROCESSES }, () => startChild("creator.ts", path, `${cap}`, `${attempts}`));
    const answers = (await Promise.all(children.map(outputOf))).join("").trim().split("\n");
    assert.equal(answers.length, PROCESSES * attempts);
    assert.equal(answers.filter((answer) => answer === "created").length, cap);
    assert.equal(answers.filter((answer) => answer === "owner" || answer === "total").length, answers.length - cap);
    const store = await openDenoKvStore(path);
    assert.deepEqual(await store.stats(), { sessions: cap });
    await store.close();
  });
});

for (let left = KILLS; left > 0; left -= 20) {
  const times = Math.min(left, 20);
  test(`processes that are killed while they write, ${times} times, lose nothing that was acknowledged`, async () => {
    await withFile(async (path) => {
      for (let kill = 0; kill < times; kill += 1) {
        const id = `session-${kill}`;
        const acknowledged = await lastBeforeKill(startChild("writer.ts", path, id), MOST_WRITES);
        const store = await openDenoKvStore(path);
        const read = await store.read(id, 0);
        assert.ok(read.type === "found" && Number(read.session.sequenceToken) >= acknowledged);
        assert.deepEqual(await store.stats(), { sessions: kill + 1 });
        await store.close();
      }
    });
  });
}
