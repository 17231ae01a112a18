import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { afterAll } from "vitest";
import { listening, type ServerProcess, start } from "../../apps/server/test/server-process.ts";
import { SHARED_STORES, withStore } from "../../apps/server/test-services/stores.ts";
import { builtBinary } from "../binary/built.ts";
import { beginSessions, continueSessions } from "../sessions.ts";

const binary = builtBinary();
afterAll(() => binary.remove());

const stores = SHARED_STORES.filter(({ name }) => ["Redis", "PostgreSQL"].includes(name));
assert.equal(stores.length, 2);

for (const store of stores) {
  test(`the single binary carries the client of ${store.name}: a second process goes on with the first one's sessions`, async () => {
    await withStore(store, async (url) => {
      // In a variable, as it may have a password.
      const env = { RENDEZVOUS_STORE: url };
      const serve = (): Promise<ServerProcess> =>
        listening(start(binary.path, ["--mode", "open", "--port", "0"], { cwd: binary.folder, env }), "bun");
      const first = await serve();
      const begun = await beginSessions(first.url);
      assert.equal(await first.stop(), 0);
      const second = await serve();
      await continueSessions(second.url, begun);
      assert.equal(await second.stop(), 0);
    });
  });
}
