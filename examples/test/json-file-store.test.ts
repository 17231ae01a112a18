import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { storeTests } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { JsonFileStore } from "../json-file-store.ts";

storeTests(test, {
  name: "JSON file store",
  shared: false,
  async fresh() {
    const folder = await mkdtemp(join(tmpdir(), "rendezvous-"));
    return {
      open: () => JsonFileStore.open(join(folder, "sessions.json")),
      remove: () => rm(folder, { recursive: true }),
    };
  },
});
