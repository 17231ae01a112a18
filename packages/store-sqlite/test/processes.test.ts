import assert from "node:assert/strict";
import { join } from "node:path";
import { storeTests } from "@matrix-rendezvous/testkit";
import { runtime, test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES } from "./child.ts";
import { StoreHost } from "./remote-store.ts";
import { freshFolder, inFolder } from "./sandbox.ts";

// Starts processes of all three runtimes itself: once is enough.
if (runtime === "node") {
  const hosts = await Promise.all(RUNTIMES.map((each) => StoreHost.start(each)));
  let opened = 0;

  storeTests(
    test,
    {
      name: "one file, a process of each runtime",
      shared: true,
      watches: true,
      fresh: async () => {
        const { path, remove } = await freshFolder();
        const open = (): ReturnType<StoreHost["open"]> => {
          opened += 1;
          return (hosts[opened % hosts.length] as StoreHost).open(join(path, "sessions.db"));
        };
        return { open, remove };
      },
    },
    { runs: 25 },
  );

  test("processes that start at once on no file at all make one schema", () =>
    inFolder(async (folder) => {
      for (let round = 0; round < 20; round += 1) {
        const path = join(folder, `${round}`, "sessions.db");
        const stores = await Promise.all([...hosts, ...hosts].map((host) => host.open(path)));
        for (const store of stores) assert.deepEqual(await store.stats(), { sessions: 0 });
        await Promise.all(stores.map((store) => store.close()));
      }
    }));

  test("the processes end when they are let go", async () => {
    await Promise.all(hosts.map((host) => host.end()));
  });
}
