import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "@matrix-rendezvous/testkit/runner";
import { cores, demand, type Inputs, oneCore, requests } from "../src/capacity.ts";
import { capacityPage } from "../src/capacity-page.ts";
import { DOCS } from "../src/pages.ts";

const assumed: Inputs["assumed"] = {
  discoveries: 2,
  writes: 7,
  seconds: 60,
  devices: 2,
  busy: 0.5,
  peak: 10,
  users: 3_153_600,
  sign_ins_per_user_and_year: 10,
  lifetime_seconds: 300,
  bytes_per_session: 5_000,
};
const cost = { name: "a store", server_us: 100, store_us: 50 };

test("the page about capacity is what its numbers give: npm run docs:capacity", () => {
  const inputs = JSON.parse(readFileSync(`${DOCS}operate/capacity.json`, "utf8")) as Inputs;
  assert.equal(readFileSync(`${DOCS}operate/capacity.md`, "utf8"), capacityPage(inputs));
});

test("the arithmetic, with numbers that can be followed by hand", () => {
  assert.deepEqual(requests(assumed), { polling: 130, waiting: 23 });
  const { cpuMs, aSecond, aDay } = oneCore(cost, assumed);
  assert.equal(cpuMs, 13);
  assert.ok(Math.abs(aSecond - 38.46) < 0.01);
  assert.ok(Math.abs(aDay - 332_307) < 1);
  const { average, signIns, requests: perSecond, sessions, bytes } = demand(assumed);
  assert.deepEqual([average, signIns, perSecond, sessions, bytes], [1, 10, 1_300, 3_000, 15_000_000]);
  const { server, store } = cores(cost, assumed);
  assert.ok(Math.abs(server - 0.26) < 1e-9 && Math.abs(store - 0.13) < 1e-9);
});
