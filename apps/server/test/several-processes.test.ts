import assert from "node:assert/strict";
import process from "node:process";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { assertSurvivesKills } from "./crash.ts";
import { assertHistoriesLinearizable } from "./histories.ts";
import { assertCapsHold, assertOneService, assertOneWinner, withServers } from "./replicas.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// Several server processes on one SQLite file. The suites that need services do the same, and more of it, on every store.

const MIXED: readonly Runtime[] = ["node", "bun", "deno", "bun"];

async function withFile(use: (store: string) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  try {
    await use(`sqlite:${folder.path}/rendezvous.db`);
  } finally {
    folder.remove();
  }
}

test("four servers of three runtimes on one file are one service, with one winner of each race", () =>
  withFile((store) =>
    withServers(MIXED, store, async (servers) => {
      await assertOneService(servers);
      await assertOneWinner(servers, 25);
    }),
  ));

test("the caps hold for two servers on one file together", () =>
  withFile((store) =>
    withServers(["node", "bun"], store, (servers) => assertCapsHold(servers, 20), ["--max-sessions-per-owner", "20"]),
  ));

test("what clients see of four servers on one file is linearizable", () =>
  withFile((store) =>
    withServers(MIXED, store, async (servers) => void (await assertHistoriesLinearizable(servers, 100, 1))),
  ));

test("a server that is killed while it writes has lost nothing that it acknowledged", () =>
  withFile(async (store) => {
    const kills = Number(process.env["CRASHES"] ?? 24);
    const report = await assertSurvivesKills(["node", "bun", "deno"], store, kills);
    assert.equal(report.kills, kills);
    assert.ok(report.acknowledgedWrites > kills, "hardly anything was written");
    console.log(`${report.kills} kills, ${report.acknowledgedWrites} acknowledged writes`);
  }));
