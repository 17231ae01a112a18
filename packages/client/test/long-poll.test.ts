import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { type ConnectionOptions, createSession, joinSession } from "../src/session/index.ts";
import { connectDevices } from "./devices.ts";
import { listen } from "./listen.ts";

/** A real server in real time, and what its clients asked it. */
async function withServer(
  body: (options: ConnectionOptions, requests: string[]) => Promise<void>,
  ttlMs = 120_000,
): Promise<void> {
  const handler = createHandler({ store: memoryStore(), mode: "open", ttlMs, maxSessionsPerOwner: 1_000 });
  const server = await listen(handler);
  const requests: string[] = [];
  const fetch = (url: string, init: RequestInit) => {
    requests.push(`${init.method} ${url.split("/rendezvous")[1]}`);
    return globalThis.fetch(url, init);
  };
  try {
    await body({ baseUrl: server.baseUrl, fetch }, requests);
  } finally {
    await server.close();
  }
}

test("A server that offers to hold requests holds them, and a message arrives at once", async () => {
  await withServer(async (options, requests) => {
    const g = await createSession(options);
    const s = await joinSession({ ...options, id: g.id });
    for (const data of ["first", "second", "third"]) {
      requests.length = 0;
      const { sequenceToken } = g.latest;
      const receiving = g.receive();
      // The request is on its way, and the next one only leaves once it is answered.
      while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve));
      const sent = await s.send(data);
      assert.deepEqual(await receiving, sent);
      const [held, write, ...more] = requests;
      assert.equal(held, `GET /${g.id}?since=${sequenceToken}&timeout=25000`);
      assert.match(write ?? "", new RegExp(`^PUT /${g.id}/[0-9a-f]{32}$`));
      assert.deepEqual(more, []);
      await g.send(data);
      await s.receive();
    }
  });
});

test("A held request ends with the session, with its time, and with the caller's patience", async () => {
  await withServer(async (options) => {
    const session = await createSession(options);
    const reason = new Error("enough");
    const abort = new AbortController();
    const aborted = assert.rejects(session.receive({ signal: abort.signal }), reason);
    setTimeout(() => abort.abort(reason), 20);
    await aborted;
    const cancelled = assert.rejects(session.receive(), { code: "expired" });
    await session.cancel();
    await cancelled;
    const timed = await createSession(options);
    await assert.rejects(timed.receive(), { code: "expired" });
  }, 3_000);
});

test("The whole handshake takes at most 50 ms on loopback", async () => {
  await withServer(async (options) => {
    let shortest = Number.POSITIVE_INFINITY;
    // The first ones load code, and a busy machine delays others: what counts is what it can do.
    for (let attempt = 0; attempt < 20 && shortest > 50; attempt += 1) {
      const startedAt = performance.now();
      await connectDevices(options, "msc");
      shortest = Math.min(shortest, performance.now() - startedAt);
    }
    assert.ok(shortest <= 50, `${shortest} ms`);
  });
});
