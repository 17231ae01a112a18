import assert from "node:assert/strict";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { assertSurvivesKills } from "../test/crash.ts";
import { assertHistoriesLinearizable } from "../test/histories.ts";
import { assertCapsHold, assertOneService, assertOneWinner, withServers } from "../test/replicas.ts";
import { SHARED_STORES } from "./stores.ts";

/** How much of it: `HISTORIES` and `CRASHES` of each store say more. */
const HISTORIES = Number(process.env["HISTORIES"] ?? 250);
const CRASHES = Number(process.env["CRASHES"] ?? 20);
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

for (const { name, runtimes, fresh } of SHARED_STORES) {
  const withStore = async (use: (url: string) => Promise<void>): Promise<void> => {
    const store = fresh();
    try {
      await use(store.url);
    } finally {
      store.remove();
    }
  };

  test(`${name}: four servers are one service, with one winner of each race`, () =>
    withStore((url) =>
      withServers(runtimes, url, async (servers) => {
        await assertOneService(servers);
        await assertOneWinner(servers, 50);
      }),
    ));

  test(`${name}: the caps hold for four servers together`, () =>
    withStore((url) =>
      withServers(runtimes, url, (servers) => assertCapsHold(servers, 20), ["--max-sessions-per-owner", "20"]),
    ));

  test(`${name}: ${HISTORIES} histories of four servers are linearizable (seed ${SEED})`, () =>
    withStore((url) =>
      withServers(runtimes, url, async (servers) => {
        const checked = await assertHistoriesLinearizable(servers, HISTORIES, SEED);
        console.log(`${name}: ${checked} histories checked`);
      }),
    ));

  test(`${name}: ${CRASHES} servers killed while they write have lost nothing that they acknowledged`, () =>
    withStore(async (url) => {
      const report = await assertSurvivesKills(runtimes, url, CRASHES);
      assert.ok(report.acknowledgedWrites > CRASHES, "hardly anything was written");
      console.log(`${name}: ${report.kills} kills, ${report.acknowledgedWrites} acknowledged writes`);
    }));
}
