import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "@matrix-rendezvous/testkit/runner";
import { beginCreation, REST_OF_CREATION } from "./begun-creation.ts";
import { eventually, occupied } from "./process-facts.ts";
import { listening, NO_RATES, RUNTIMES, type ServerProcess, serverCommand, start } from "./server-process.ts";
import { create, write } from "./sessions.ts";

/** How many file descriptors the server may have: enough to start with, on each runtime. */
const LIMIT = 100;
/** More than it can accept, fewer than the system queues for it. */
const CONNECTIONS = 300;
/** How long the server may take for each step, in milliseconds. */
const PATIENCE_MS = 10_000;

for (const runtime of RUNTIMES) {
  test(`${runtime}: who takes all its file descriptors neither ends the server nor the request that is under way`, async () => {
    const flags = ["--port", "0", "--mode", "open", "--store", "memory:", ...NO_RATES];
    const command = serverCommand(runtime, flags);
    const limited = start("sh", ["-c", `ulimit -n ${LIMIT} && exec "$@"`, "sh", ...command], {});
    const server = await listening(limited, runtime);
    const underWay = await beginCreation(server);
    const hoard = opened(server);
    // Where the runtime hangs up on those it cannot have, it is out of descriptors only for a moment.
    const exhausted = (): boolean =>
      occupied(server).descriptors >= LIMIT - 1 || hoard.some(({ destroyed }) => destroyed);
    assert.ok(await eventually(exhausted, PATIENCE_MS), `${occupied(server).descriptors} descriptors`);
    underWay.write(REST_OF_CREATION);
    const [answer] = await once(underWay, "data");
    assert.match(String(answer), /^HTTP\/1\.1 200 /);
    for (const socket of [underWay, ...hoard]) socket.destroy();
    await servesAgain(server);
    assert.equal(await server.stop(), 0);
    assert.equal(server.stderr(), "");
  });
}

/** Connections to the server, whatever becomes of them. */
function opened(server: ServerProcess): Socket[] {
  const port = Number(new URL(server.url).port);
  return Array.from({ length: CONNECTIONS }, () => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    return socket.on("error", () => {});
  });
}

/** Waits until a client gets through; rejects where none does. */
async function servesAgain(server: ServerProcess): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  for (;;) {
    try {
      const slot = await create(server.url, "after the storm");
      assert.equal((await write(server.url, slot, "and again")).status, 200);
      return;
    } catch (error) {
      if (patience.aborted) throw error;
    }
  }
}
