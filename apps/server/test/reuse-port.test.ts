import assert from "node:assert/strict";
import { Agent, request } from "node:http";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { listening, NO_RATES, RUNTIMES, run, type ServerProcess } from "./server-process.ts";
import { create } from "./sessions.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function start(runtime: Runtime, port: string, store: string): Promise<ServerProcess> {
  const flags = ["--mode", "open", "--port", port, "--reuse-port", "--store", store, "--ops-port", "0", ...NO_RATES];
  return listening(run(runtime, flags), runtime);
}

/** Reads a session on a connection of its own, which the system gives to either process. */
function readAnew(url: string, id: string): Promise<number | undefined> {
  const path = `${url}/_matrix/client/unstable/io.element.msc4388/rendezvous/${id}`;
  return new Promise((resolve, reject) => {
    const asked = request(path, { agent: new Agent({ keepAlive: false }) }, (answer) => {
      answer.resume().once("end", () => resolve(answer.statusCode));
    });
    asked.once("error", reject).end();
  });
}

async function readsAnswered({ opsUrl }: ServerProcess): Promise<number> {
  const metrics = await (await fetch(`${opsUrl}/metrics`)).text();
  const counts = metrics.matchAll(/^rendezvous_http_requests_total\{.*method="GET".*\} (\d+)$/gm);
  return [...counts].reduce((sum, [, count]) => sum + Number(count), 0);
}

for (const runtime of RUNTIMES) {
  test(`${runtime}: two processes on one port and one store answer for the same sessions`, async () => {
    const folder = temporaryFolder();
    const store = `sqlite:${folder.path}/rendezvous.db`;
    const first = await start(runtime, "0", store);
    const second = await start(runtime, new URL(first.url).port, store);
    assert.equal(second.url, first.url);
    const { id } = await create(first.url, "hello");
    const reads = 100;
    for (let read = 0; read < reads; read += 1) assert.equal(await readAnew(first.url, id), 200);
    const answered = await Promise.all([first, second].map(readsAnswered));
    // Each connection goes to either of them: that all of so many go to one does not happen.
    assert.ok(
      answered.every((count) => count > 0),
      `answered ${answered.join(" and ")}`,
    );
    assert.equal(
      answered.reduce((sum, count) => sum + count),
      reads,
    );
    for (const server of [first, second]) assert.equal(await server.stop(), 0);
    folder.remove();
  });
}
