import assert from "node:assert/strict";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { assertSurvivesKills } from "../test/crash.ts";
import { assertHistoriesLinearizable } from "../test/histories.ts";
import { assertCapsHold, assertOneService, assertOneWinner, withServers } from "../test/replicas.ts";
import { SHARED_STORES, withStore } from "./stores.ts";

/** How much of it: `HISTORIES` and `CRASHES` of each store say more. */
const HISTORIES = Number(process.env["HISTORIES"] ?? 250);
const CRASHES = Number(process.env["CRASHES"] ?? 20);
const SEED = Number(process.env["SEED"] ?? Date.now() % 1_000_000);

for (const store of SHARED_STORES) {
  const { name, runtimes } = store;

  test(`${name}: four servers are one service, with one winner of each race`, () =>
    withStore(store, (url) =>
      withServers(runtimes, url, async (servers) => {
        await assertOneService(servers);
        await assertOneWinner(servers, 50);
      }),
    ));

  test(`${name}: the caps hold for four servers together`, () =>
    withStore(store, (url) =>
      withServers(runtimes, url, (servers) => assertCapsHold(servers, 20), ["--max-sessions-per-owner", "20"]),
    ));

  test(`${name}: ${HISTORIES} histories of four servers are linearizable (seed ${SEED})`, () =>
    withStore(store, (url) =>
      withServers(runtimes, url, async (servers) => {
        const checked = await assertHistoriesLinearizable(servers, HISTORIES, SEED);
        console.log(`${name}: ${checked} histories checked`);
      }),
    ));

  test(`${name}: ${CRASHES} servers killed while they write have lost nothing that they acknowledged`, () =>
    withStore(store, async (url) => {
      const report = await assertSurvivesKills(runtimes, url, CRASHES);
      assert.ok(report.acknowledgedWrites > CRASHES, "hardly anything was written");
      console.log(`${name}: ${report.kills} kills, ${report.acknowledgedWrites} acknowledged writes`);
    }));
}
