import assert from "node:assert/strict";
import { serve } from "@matrix-rendezvous/deno";
import { adapterTests } from "@matrix-rendezvous/testkit/adapter";
import { test } from "@matrix-rendezvous/testkit/runner";

adapterTests(test, serve);

test("a cap on connections, which Deno does not have, is refused", async () => {
  await assert.rejects(
    serve(async () => new Response(), { port: 0, maxConnections: 1 }),
    TypeError,
  );
});
