import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { CpuClock, ProgramClock } from "../src/cpu.ts";

test("the CPU clock counts what a process computes, in microseconds", () => {
  const clock = new CpuClock(process.pid);
  const [before, own] = [clock.us(), process.cpuUsage()];
  while (process.cpuUsage(own).user + process.cpuUsage(own).system < 50_000);
  const counted = clock.us() - before;
  const { user, system } = process.cpuUsage(own);
  assert.ok(Math.abs(counted - user - system) < 20_000, `${counted} µs, and by the process itself ${user + system}`);
});

test("the clock of a program counts all its processes, those that begin later and those that have ended too", async () => {
  const clock = new ProgramClock("yes");
  const before = clock.us();
  const ended = Array.from({ length: 2 }, async () => {
    const child: ChildProcess = spawn("yes", { stdio: "ignore" });
    const start = clock.us();
    while (clock.us() - start < 20_000);
    child.kill();
    await once(child, "close");
  });
  await Promise.all(ended);
  assert.ok(clock.us() - before >= 40_000);
});
