import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "@matrix-rendezvous/testkit/runner";
import { listening, RUNTIMES, run, startServer } from "./server-process.ts";
import { ask, create } from "./sessions.ts";

for (const runtime of RUNTIMES) {
  test(`${runtime}: refused requests are counted by why, and each has an ID in its line of the log`, async () => {
    const caps = ["--max-sessions-per-owner", "2", "--rate-create", "0.001:4", "--rate-read", "0.001:1"];
    const flags = ["--store", "memory:", "--ops-port", "0", "--log-level", "debug", ...caps];
    const server = await startServer(runtime, flags);
    const { id } = await create(server.url, "one");
    await create(server.url, "two");
    await ask(server.url, "POST", "", { data: "over the cap" });
    await ask(server.url, "POST", "", {});
    await ask(server.url, "POST", "", { data: "too fast" });
    await ask(server.url, "GET", `/${id}`);
    await ask(server.url, "GET", `/${id}`);
    await ask(server.url, "PUT", `/${id}`, { sequence_token: "a", data: "x".repeat(5_000) });
    const metrics = await (await fetch(`${server.opsUrl}/metrics`)).text();
    for (const reason of ["full_owner", "invalid", "rate_create", "rate_read", "too_large"]) {
      const line = `rendezvous_rejections_total{reason="${reason}"} 1`;
      assert.ok(metrics.split("\n").includes(line), line);
    }
    assert.equal(await server.stop(), 0);
    const lines = server.stdout().trim().split("\n").slice(1);
    const ids = lines.map((line) => (JSON.parse(line) as { requestId: string }).requestId);
    assert.deepEqual([ids.length, new Set(ids).size], [8, 8]);
    assert.ok(ids.every((requestId) => /^[\da-f-]{36}$/.test(requestId)));
  });

  test(`${runtime}: a full server ends the oldest session where that is asked for`, async () => {
    const server = await startServer(runtime, [
      "--store",
      "memory:",
      "--max-sessions",
      "1",
      "--when-full",
      "evict-oldest",
    ]);
    const [first, second] = [await create(server.url, "one"), await create(server.url, "two")];
    assert.equal((await ask(server.url, "GET", `/${first.id}`)).status, 404);
    assert.equal((await ask(server.url, "GET", `/${second.id}`)).body["data"], "two");
    assert.equal(await server.stop(), 0);
  });

  test(`${runtime}: what comes beyond the requests in hand is counted`, async () => {
    const server = await startServer(runtime, ["--store", "memory:", "--ops-port", "0", "--max-in-flight", "1"]);
    const { id, token } = await create(server.url, "one");
    const statuses: number[] = [];
    const asked = async (path: string): Promise<void> => {
      statuses.push((await ask(server.url, "GET", path)).status);
    };
    // One of them is in hand when the other comes.
    const held = asked(`/${id}?since=${token}&timeout=30000`);
    while (!statuses.includes(503)) await asked("");
    const metrics = await (await fetch(`${server.opsUrl}/metrics`)).text();
    const refused = statuses.filter((status) => status === 503).length;
    assert.ok(metrics.includes(`rendezvous_rejections_total{reason="too_busy"} ${refused}\n`), metrics);
    assert.equal(await server.stop(), 0);
    await held;
  });

  test(`${runtime}: connections beyond the cap are closed and counted, or the cap is refused where there can be none`, async () => {
    const flags = ["--store", "memory:", "--mode", "open", "--port", "0", "--ops-port", "0", "--max-connections", "1"];
    const program = run(runtime, flags);
    if (runtime !== "node") {
      assert.equal(await program.ended, 1);
      assert.match(program.stderr(), /cannot cap connections/);
      return;
    }
    const server = await listening(program, runtime);
    const port = Number(new URL(server.url).port);
    const first = connect(port, "127.0.0.1");
    await once(first, "connect");
    const second = connect(port, "127.0.0.1").resume();
    await once(second, "close");
    const metrics = await (await fetch(`${server.opsUrl}/metrics`)).text();
    assert.ok(metrics.includes('rendezvous_rejections_total{reason="too_many_connections"} 1\n'), metrics);
    first.destroy();
    assert.equal(await server.stop(), 0);
  });
}
