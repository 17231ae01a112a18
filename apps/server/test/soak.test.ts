import assert from "node:assert/strict";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { cpuSeconds, type Occupied, occupied } from "./process-facts.ts";
import { RUNTIMES, type ServerProcess, startServer } from "./server-process.ts";
import { load, REQUESTS_A_FLOW } from "./soak-load.ts";

const DURATION_MS = Number(process.env["SOAK_MINUTES"] ?? 1 / 8) * 60_000;
/** How long the server is asked for all that it can give: that warms it up, too. In milliseconds. */
const SATURATED_MS = Math.max(3_000, DURATION_MS / 40);
const SAMPLES = 60;

/** What may be gained over the whole time, by the line through all samples: a heap breathes, a leak goes on. */
const GAIN = { rssMiB: 40, descriptors: 6 };

/** A line for each of the millions of sessions that end is more than the test can keep. */
const QUIET = ["--log-level", "warn"];

/** What is left to expire does so soon, and is no part of what grows; a flow takes far less, on a busy machine, too. */
const FLAGS = ["--store", "memory:", "--session-ttl", "20s", "--max-sessions", "1000000", ...QUIET];

/**
 * A small heap, in MiB, for Node and Deno: V8 takes from the system what it likes before it begins to look for what nobody
 * holds, for a minute under this load, and what has leaked by then does not show.
 */
const SMALL_HEAP = {
  NODE_OPTIONS: "--max-semi-space-size=2 --max-old-space-size=64",
  DENO_V8_FLAGS: "--max-semi-space-size=2,--max-old-space-size=64",
};

for (const runtime of RUNTIMES) {
  test(`${runtime}: at half of what it can bear, memory and descriptors stay as they are`, async () => {
    const server = await startServer(runtime, [...FLAGS, "--max-sessions-per-owner", "1000000"], SMALL_HEAP);
    const port = Number(new URL(server.url).port);
    const idle = occupied(server);
    const saturated = await measured(server, () => load({ port, durationMs: SATURATED_MS }));
    // It computes on one core. Who asks may be the first at an end, so what a flow costs tells what the server can bear.
    const most = saturated.flows / saturated.cpuS;
    const samples: Occupied[] = [];
    const sampling = setInterval(() => samples.push(occupied(server)), DURATION_MS / SAMPLES);
    const borne = await measured(server, () => load({ port, durationMs: DURATION_MS, flowsPerSecond: most / 2 }));
    clearInterval(sampling);
    const gain = { rssMiB: gained(samples, "rssMiB"), descriptors: gained(samples, "descriptors") };
    console.log(`${runtime}: ${told(saturated)}; then half of ${most.toFixed(0)} a second: ${told(borne)}`);
    for (const what of ["rssMiB", "descriptors"] as const) {
      console.log(
        `  ${what}: ${idle[what].toFixed(0)} idle, ${course(samples, what)}, gained ${gain[what].toFixed(1)}`,
      );
    }
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

function course(samples: readonly Occupied[], what: keyof Occupied): string {
  const values = samples.map((sample) => sample[what]);
  const ends = `${values[0]?.toFixed(0)} at the start, ${values.at(-1)?.toFixed(0)} at the end`;
  return `${ends}, between ${Math.min(...values).toFixed(0)} and ${Math.max(...values).toFixed(0)}`;
}

/** What a load was, and what it took of the server. Times are seconds. */
interface Measured {
  readonly flows: number;
  readonly seconds: number;
  readonly cpuS: number;
}

async function measured(server: ServerProcess, run: () => Promise<number>): Promise<Measured> {
  const [startedAt, cpuBefore] = [performance.now(), cpuSeconds(server)];
  const flows = await run();
  return { flows, seconds: (performance.now() - startedAt) / 1000, cpuS: cpuSeconds(server) - cpuBefore };
}

function told({ flows, seconds, cpuS }: Measured): string {
  const share = ((100 * cpuS) / seconds).toFixed(0);
  return `${flows} flows (${(REQUESTS_A_FLOW * flows).toFixed(0)} requests) in ${seconds.toFixed(0)} s, ${share} % of a core`;
}
