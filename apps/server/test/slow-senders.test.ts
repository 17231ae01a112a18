import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import process from "node:process";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { eventually, occupied } from "./process-facts.ts";
import { RUNTIMES, type ServerProcess, startServer } from "./server-process.ts";
import { ask, create, write } from "./sessions.ts";
import { type Kind, SlowSenders } from "./slow-senders.ts";

const COUNT = Number(process.env["SLOW_SENDERS"] ?? 500);
const FLOWS = 100;

/** What the slowest of a hundred requests may take beside slow senders, in ms: other tests run at the same time. */
const SLOWEST_P99_MS = 1_000;
/** How many descriptors may be left: connections of this process's own that it keeps for its next request. */
const LEFT = 8;
/** How long the system may take to close what was hung up on, in milliseconds. */
const PATIENCE_MS = 10_000;

const FLAGS = ["--store", "memory:", "--max-sessions-per-owner", "100000"];

for (const runtime of RUNTIMES) {
  test(`${runtime}: ${COUNT} slow senders keep nobody from being served, and leave nothing behind`, async () => {
    const server = await startServer(runtime, FLAGS);
    const senders = new SlowSenders();
    const alone = await flows(server, () => {});
    const before = occupied(server);
    await senders.open(portOf(server), COUNT);
    const beside = await flows(server, () => senders.trickle(Math.ceil(COUNT / 20)));
    const during = occupied(server);
    senders.close();
    const flat = await eventually(() => occupied(server).descriptors <= before.descriptors + LEFT, PATIENCE_MS);
    const after = occupied(server);
    console.log(`${runtime}: p99 ${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside ${senders.count};`);
    console.log(`  descriptors ${before.descriptors}, ${during.descriptors}, ${after.descriptors}`);
    console.log(`  MiB ${before.rssMiB.toFixed(0)}, ${during.rssMiB.toFixed(0)}, ${after.rssMiB.toFixed(0)}`);
    assert.ok(during.descriptors >= COUNT, `only ${during.descriptors} descriptors: they were not connected`);
    assert.ok(beside <= SLOWEST_P99_MS, `p99 is ${beside} ms`);
    assert.ok(flat, `${after.descriptors} descriptors are open, ${before.descriptors} were`);
    assert.equal(await server.stop(), 0);
    assert.equal(server.stderr(), "");
  });
}

/** Deno answers a slow body, and keeps the connection; of slow heads it hears nothing. The others hang up on each. */
const HUNG_UP_ON: Record<Runtime, readonly Kind[]> = {
  node: ["head", "declared body", "chunked body"],
  bun: ["head", "declared body", "chunked body"],
  deno: [],
};

/** Longer than any time-out of a request, in milliseconds. */
const TIMED_OUT_MS = 60_000;

// It takes as long as the time-outs do: that is for the long form of the suite.
if (process.env["SLOW_SENDERS"] !== undefined) {
  for (const runtime of RUNTIMES) {
    test(`${runtime}: slow bodies are answered 408, and ${HUNG_UP_ON[runtime].join(", ") || "nobody is"} hung up on`, async () => {
      const server = await startServer(runtime, FLAGS);
      const senders = new SlowSenders();
      await senders.open(portOf(server), 30);
      const done = (): boolean => {
        senders.trickle(1);
        const bodies = senders.answers["declared body"].length + senders.answers["chunked body"].length;
        return bodies === 20 && HUNG_UP_ON[runtime].every((kind) => senders.hungUpOn[kind] === 10);
      };
      assert.ok(await eventually(done, TIMED_OUT_MS), JSON.stringify(senders.hungUpOn));
      for (const kind of ["declared body", "chunked body"] as const) {
        for (const answer of senders.answers[kind]) {
          assert.match(answer, /^HTTP\/1\.1 408 .*"errcode":"M_UNKNOWN"/s);
          assert.match(answer, /access-control-allow-origin: \*/i);
        }
      }
      senders.close();
      assert.equal(await server.stop(), 0);
    });
  }
}

/** How long an idle connection is kept, in milliseconds; Deno keeps it for ever. */
const IDLE_MS: Record<Runtime, number | undefined> = { node: 65_000, bun: 65_000, deno: undefined };

if (process.env["SLOW_SENDERS"] !== undefined) {
  for (const runtime of RUNTIMES) {
    test(`${runtime}: a connection that idles after an answer is closed as late as the page says`, async () => {
      const server = await startServer(runtime, FLAGS);
      const socket = connect(portOf(server), "127.0.0.1");
      socket.write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      await once(socket, "data");
      const startedAt = performance.now();
      let closedAfterMs: number | undefined;
      socket.on("close", () => (closedAfterMs = performance.now() - startedAt));
      await eventually(() => closedAfterMs !== undefined, 90_000);
      const wanted = IDLE_MS[runtime];
      if (wanted === undefined) assert.equal(closedAfterMs, undefined);
      else
        assert.ok(
          closedAfterMs && closedAfterMs > wanted - 5_000 && closedAfterMs < wanted + 15_000,
          `${closedAfterMs} ms`,
        );
      socket.destroy();
      assert.equal(await server.stop(), 0);
    });
  }
}

/** The 99th percentile of the times of whole flows' requests, each flow begun after `between`. */
async function flows(server: ServerProcess, between: () => void): Promise<number> {
  const times: number[] = [];
  const timed = async <T>(request: Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const value = await request;
    times.push(performance.now() - startedAt);
    return value;
  };
  for (let flow = 0; flow < FLOWS; flow += 1) {
    between();
    const slot = await timed(create(server.url, "first"));
    const written = await timed(write(server.url, slot, "second"));
    const read = await timed(ask(server.url, "GET", `/${slot.id}`));
    assert.deepEqual([written.status, read.status, read.body["data"]], [200, 200, "second"]);
  }
  return times.toSorted((one, other) => one - other)[Math.floor(times.length * 0.99)] ?? Number.POSITIVE_INFINITY;
}

function portOf(server: ServerProcess): number {
  return Number(new URL(server.url).port);
}
