import assert from "node:assert/strict";
import process from "node:process";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { Fuzzer, type Tally } from "./fuzz/fuzz.ts";
import { eventually, occupied } from "./process-facts.ts";
import { RUNTIMES, type ServerProcess, startServer } from "./server-process.ts";
import { create, write } from "./sessions.ts";

const REQUESTS = Number(process.env["FUZZ"] ?? 5_000);
const SEED = Number(process.env["FUZZ_SEED"] ?? 4388);

/** How much more memory a server may occupy at the end than after the first fifth, in MiB: its heap breathes. */
const GROWTH_MIB = 64;
/** How long it may take to give memory back, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Sessions live briefly, so that what is left of them is none of the memory that is compared. */
const FLAGS = ["--store", "memory:", "--stable-endpoint", "--session-ttl", "2s", "--max-sessions", "1000000"];

/** As many time series as the metrics may have, whatever was sent: routes, methods, statuses and buckets are few. */
const MOST_SERIES = 600;

for (const runtime of RUNTIMES) {
  test(`${runtime}: ${REQUESTS} random requests: no 500, no hang, every refusal in Matrix' words, no memory kept`, async () => {
    const server = await startServer(runtime, [...FLAGS, "--max-sessions-per-owner", "1000000", "--ops-port", "0"]);
    const [idle, startedAt] = [occupied(server), performance.now()];
    const fuzzer = new Fuzzer(Number(new URL(server.url).port), SEED);
    const first = await fuzzer.run(REQUESTS / 5);
    const before = occupied(server);
    const rest = await fuzzer.run((REQUESTS / 5) * 4);
    const seconds = (performance.now() - startedAt) / 1000;
    report(runtime, first, rest);
    const flat = await eventually(() => occupied(server).rssMiB <= before.rssMiB + GROWTH_MIB, PATIENCE_MS);
    const after = occupied(server);
    const [atFirst, afterFifth, atEnd] = [idle, before, after].map(({ rssMiB }) => rssMiB.toFixed(0));
    const course = `${atFirst} MiB before, ${afterFifth} after a fifth, ${atEnd} at the end`;
    console.log(`${runtime}: ${REQUESTS} requests in ${seconds.toFixed(0)} s; ${course}`);
    assert.ok(flat, `${before.rssMiB} MiB after a fifth, ${after.rssMiB} MiB at the end`);
    await assertServes(server);
    const metrics = await (await fetch(`${server.opsUrl}/metrics`)).text();
    const series = metrics.split("\n").filter((line) => line.startsWith("rendezvous_")).length;
    assert.ok(series > 0 && series <= MOST_SERIES, `${series} time series`);
    assert.equal(await server.stop(), 0);
    assert.equal(server.stderr().replace(/^Warning: .*session-ttl.*\n/, ""), "");
  });
}

function report(runtime: Runtime, ...tallies: Tally[]): void {
  const sum: Tally = new Map();
  for (const [outcome, count] of tallies.flatMap((tally) => [...tally]))
    sum.set(outcome, (sum.get(outcome) ?? 0) + count);
  console.log(
    `${runtime}: ${[...sum]
      .toSorted()
      .map(([outcome, count]) => `${outcome}: ${count}`)
      .join(", ")}`,
  );
}

async function assertServes(server: ServerProcess): Promise<void> {
  const slot = await create(server.url, "after the storm");
  assert.equal((await write(server.url, slot, "and again")).status, 200);
}
