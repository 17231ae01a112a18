import assert from "node:assert/strict";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { CpuClock } from "../src/cpu.ts";

test("the CPU clock counts what a process computes, in microseconds", () => {
  const clock = new CpuClock(process.pid);
  const [before, own] = [clock.us(), process.cpuUsage()];
  while (process.cpuUsage(own).user + process.cpuUsage(own).system < 50_000);
  const counted = clock.us() - before;
  const { user, system } = process.cpuUsage(own);
  assert.ok(Math.abs(counted - user - system) < 20_000, `${counted} µs, and by the process itself ${user + system}`);
});
