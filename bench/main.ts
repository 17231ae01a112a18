/**
 * Server CPU per request on Bun, ours with the memory store against a bare `Bun.serve` that answers the same bytes: in
 * interleaved rounds, the server on one core and the load on another. Linux, with taskset.
 */
import { type Count, flows, reads } from "./load.ts";
import { startTarget, type Target } from "./target.ts";

const ROUNDS = 7;
const SCENARIOS = [
  { name: "whole flows", load: (url: string, count: Count) => flows(url, count, 700) },
  { name: "saturated reads", load: (url: string, count: Count) => reads(url, count, 14_000) },
] as const;

const MOST = "1000000:1000000";
/** Limits as by default, in that they are there; so high that one client can be all of the load. */
const CAPS = [
  ...["--max-sessions", "1000000", "--max-sessions-per-owner", "1000000", "--log-level", "warn"],
  ...["--rate-create", MOST, "--rate-read", MOST, "--rate-write", MOST],
];
const targets = [
  await startTarget("bare Bun.serve", ["bun", "bench/bare.ts"]),
  await startTarget("matrix-rendezvous on Bun, memory store", [
    "bun",
    "apps/server/src/main.ts",
    ...["--mode", "open", "--port", "0", "--store", "memory:"],
    ...CAPS,
  ]),
];

for (const { name, load } of SCENARIOS) {
  const rounds: number[][] = targets.map(() => []);
  for (const target of targets) await measure(target, load);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, target] of targets.entries()) rounds[index]?.push(await measure(target, load));
  }
  const medians = rounds.map(median);
  console.log(`${name}, server CPU per request, median of ${ROUNDS} rounds (least to most)`);
  for (const [index, target] of targets.entries()) {
    const values = rounds[index] ?? [];
    const spread = `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
    console.log(`  ${target.name.padEnd(40)} ${medians[index]?.toFixed(1)} µs  (${spread})`);
  }
  const ratios = (rounds[1] ?? []).map((ours, index) => ours / (rounds[0]?.[index] ?? Number.NaN));
  const spread = `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
  console.log(`  ratio, round by round: ${median(ratios).toFixed(2)}  (${spread})`);
}
for (const target of targets) await target.stop();

async function measure(target: Target, load: (url: string, count: Count) => Promise<void>): Promise<number> {
  const count = { requests: 0 };
  const before = target.cpuUs();
  await load(target.url, count);
  return (target.cpuUs() - before) / count.requests;
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? Number.NaN;
}
