import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";

test("answers", async () => {
  const handler = createHandler({ store: memoryStore(), mode: "open" });
  assert.equal((await handler(new Request("http://x/nope"))).status, 404);
});
