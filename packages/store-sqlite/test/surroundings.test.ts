import assert from "node:assert/strict";
import { chmodSync, chownSync, readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { runtime, test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES } from "./child.ts";
import { StoreHost } from "./remote-store.ts";
import { inFolder } from "./sandbox.ts";

const NOW = 1_700_000_000_000;
/** A user without rights of any kind. */
const NOBODY = 65_534;
/** Lets a program write no file beyond 512 KiB. (A full disk is the same to the store, and harder to come by.) */
const SMALL_FILES = ["sh", "-c", `trap "" XFSZ; ulimit -f 1024; exec "$@"`, "sh"];

// Starts processes of all three runtimes itself: once is enough.
if (runtime === "node") {
  for (const each of RUNTIMES) {
    test(`on ${each}, when no more can be written, what was acknowledged stays and the store goes on`, () =>
      inFolder(async (folder) => {
        const path = join(folder, "sessions.db");
        const host = await StoreHost.start(each, [], SMALL_FILES);
        const acknowledged = await fill(await host.open(path));
        await host.end();
        const store = await openSqliteStore(path);
        assert.deepEqual(await store.stats(), { sessions: acknowledged });
        for (let index = 0; index < acknowledged; index += 1) {
          assert.equal((await store.read(`id-${index}`, NOW)).type, "found");
        }
        await store.close();
      }));
  }

  test("without the right to write to the file or its folder, both are left as they were", () =>
    inFolder(async (folder) => {
      const path = join(folder, "sessions.db");
      await (await openSqliteStore(path)).close();
      const before = readFileSync(path);
      const isRoot = process.getuid?.() === 0;
      if (isRoot) for (const each of [folder, path]) chownSync(each, NOBODY, NOBODY);
      const host = await StoreHost.start("node", isRoot ? [`${NOBODY}`] : []);
      const message = "no permission to write to it or its folder";
      chmodSync(folder, 0o500);
      for (const name of ["sessions.db", "new.db", "new/new.db"]) {
        const refused = join(folder, name);
        await assert.rejects(host.open(refused), {
          message: `${refused} cannot be used as the SQLite store: ${message}`,
        });
      }
      chmodSync(folder, 0o700);
      chmodSync(path, 0o400);
      await assert.rejects(host.open(path), { message: `${path} cannot be used as the SQLite store: ${message}` });
      assert.deepEqual(readFileSync(path), before);
      chmodSync(path, 0o600);
      await (await host.open(path)).close();
      await host.end();
    }));
}

/** Creates sessions until that fails, checks what the store is still good for, and gives how many were acknowledged. */
async function fill(store: RendezvousStore): Promise<number> {
  const caps = { maxSessions: 1000, maxSessionsPerOwner: 1000, whenFull: "reject" } as const;
  const session = { payload: new Uint8Array(4096).fill(7), sequenceToken: "one", expiresAt: NOW + 1 };
  let acknowledged = 0;
  const create = (): Promise<unknown> => store.create(`id-${acknowledged}`, session, { ...caps, owner: "me" }, NOW);
  try {
    for (; acknowledged < 1000; acknowledged += 1) await create();
    assert.fail("there was room for everything");
  } catch (error) {
    const { name, message } = error as Error;
    assert.equal(name, "StoreUnavailableError", message);
    assert.match(message, /^the SQLite database cannot be used: (reading or writing it failed|the disk is full)/);
  }
  assert.equal((await store.read("id-0", NOW)).type, "found");
  assert.deepEqual(await store.stats(), { sessions: acknowledged });
  await assert.rejects(create(), { name: "StoreUnavailableError" });
  await store.close();
  return acknowledged;
}
