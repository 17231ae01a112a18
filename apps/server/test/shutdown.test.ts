import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "@matrix-rendezvous/testkit/runner";
import { beginCreation, REST_OF_CREATION } from "./begun-creation.ts";
import { RUNTIMES, type ServerProcess, startServer } from "./server-process.ts";

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
const BODY = '{"data":"hello"}';

/** Waits until the server refuses new connections: it has taken note of the signal. */
async function refused(server: ServerProcess): Promise<void> {
  let isRefused = false;
  while (!isRefused) {
    const probe = connect(Number(new URL(server.url).port), "127.0.0.1");
    isRefused = await new Promise<boolean>((resolve) => {
      probe.once("connect", () => resolve(false));
      // Stays, for the reset that may follow: a connection that was queued when the listener closed.
      probe.on("error", () => resolve(true));
    });
    probe.destroy();
  }
}

for (const runtime of RUNTIMES) {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    test(`${runtime}: on ${signal} what is under way is answered, then it exits with 0`, async () => {
      const server = await startServer(runtime, ["--store", "memory:"]);
      const socket = await beginCreation(server);
      server.child.kill(signal);
      await refused(server);
      socket.write(REST_OF_CREATION);
      const [answer] = await once(socket, "data");
      assert.match(String(answer), /^HTTP\/1\.1 200 /);
      assert.equal(await server.ended, 0);
    });
  }

  test(`${runtime}: a second signal ends it at once`, async () => {
    const server = await startServer(runtime, ["--store", "memory:"]);
    const socket = await beginCreation(server);
    server.child.kill("SIGTERM");
    await refused(server);
    server.child.kill("SIGTERM");
    assert.equal(await server.ended, 1);
    socket.destroy();
  });

  test(`${runtime}: until the shutdown delay is over it serves, and wants its clients elsewhere`, async () => {
    const server = await startServer(runtime, ["--store", "memory:", "--ops-port", "0", "--shutdown-delay", "10m"]);
    assert.equal((await fetch(`${server.opsUrl}/health/ready`)).status, 200);
    server.child.kill("SIGTERM");
    let ready: Response;
    do ready = await fetch(`${server.opsUrl}/health/ready`);
    while (ready.status !== 503);
    assert.deepEqual(await ready.json(), {
      status: "unavailable",
      checks: { server: "shutting down", store: "ok" },
    });
    const answer = await fetch(server.url + PATH, { method: "POST", body: BODY });
    assert.deepEqual([answer.status, answer.headers.get("Connection")], [200, "close"]);
    server.child.kill("SIGTERM");
    assert.equal(await server.ended, 1);
  });

  test(`${runtime}: an idle connection does not hold up the end`, async () => {
    const server = await startServer(runtime, ["--store", "memory:"]);
    const answer = await fetch(`${server.url}/health`);
    assert.deepEqual(await answer.json(), { status: "ok" });
    assert.equal(await server.stop(), 0);
  });
}
