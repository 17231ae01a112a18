import assert from "node:assert/strict";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { cpuSeconds, type Occupied, occupied } from "./process-facts.ts";
import { RUNTIMES, startServer } from "./server-process.ts";
import { load } from "./soak-load.ts";

const DURATION_MS = Number(process.env["SOAK_MINUTES"] ?? 1 / 8) * 60_000;
/** How long the server is asked for all that it can give: that warms it up, too. In milliseconds. */
const SATURATED_MS = 3_000;
const SAMPLES = 60;

/** What may be gained over the whole time, by the line through all samples: a heap breathes, a leak goes on. */
const GAIN = { rssMiB: 40, descriptors: 6 };

/** What is left to expire does so soon, and is no part of what grows. */
const FLAGS = ["--store", "memory:", "--session-ttl", "2s", "--max-sessions", "1000000"];

for (const runtime of RUNTIMES) {
  test(`${runtime}: at half of what it can bear, memory and descriptors stay as they are`, async () => {
    const server = await startServer(runtime, [...FLAGS, "--max-sessions-per-owner", "1000000"]);
    const port = Number(new URL(server.url).port);
    const most = await load({ port, durationMs: SATURATED_MS });
    const samples: Occupied[] = [];
    const sampling = setInterval(() => samples.push(occupied(server)), DURATION_MS / SAMPLES);
    const cpuBefore = cpuSeconds(server);
    const borne = await load({ port, durationMs: DURATION_MS, flowsPerSecond: most / 2 });
    const cpu = (cpuSeconds(server) - cpuBefore) / (DURATION_MS / 1000);
    clearInterval(sampling);
    const gain = { rssMiB: gained(samples, "rssMiB"), descriptors: gained(samples, "descriptors") };
    console.log(
      `${runtime}: ${borne.toFixed(0)} of ${most.toFixed(0)} flows a second, ${(cpu * 100).toFixed(0)} % of a core`,
    );
    console.log(`  ${range(samples, "rssMiB")} MiB, gained ${gain.rssMiB.toFixed(1)}`);
    console.log(`  ${range(samples, "descriptors")} descriptors, gained ${gain.descriptors.toFixed(1)}`);
    assert.ok(samples.length > SAMPLES / 2, `only ${samples.length} samples`);
    assert.ok(gain.rssMiB <= GAIN.rssMiB, `${gain.rssMiB} MiB were gained`);
    assert.ok(gain.descriptors <= GAIN.descriptors, `${gain.descriptors} descriptors were gained`);
    assert.equal(await server.stop(), 0);
  });
}

/** How much more it is at the last sample than at the first, on the line of least squares through all of them. */
function gained(samples: readonly Occupied[], what: keyof Occupied): number {
  const middle = (samples.length - 1) / 2;
  const mean = samples.reduce((sum, sample) => sum + sample[what], 0) / samples.length;
  let [covariance, variance] = [0, 0];
  for (const [at, sample] of samples.entries()) {
    covariance += (at - middle) * (sample[what] - mean);
    variance += (at - middle) ** 2;
  }
  return (covariance / variance) * (samples.length - 1);
}

function range(samples: readonly Occupied[], what: keyof Occupied): string {
  const values = samples.map((sample) => sample[what]);
  return `${Math.min(...values).toFixed(0)} to ${Math.max(...values).toFixed(0)}`;
}
