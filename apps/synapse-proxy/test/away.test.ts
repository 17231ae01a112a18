import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection } from "node:net";
import { Worker } from "node:worker_threads";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES, startProxy } from "./proxy-process.ts";
import { openStage } from "./stage.ts";
import { StandIn } from "./wire.ts";

const RENDEZVOUS = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

/** Holds an answer to be an error in the homeserver's place, that a web page can read. */
async function assertAway(answer: Response, status: number): Promise<void> {
  assert.equal(answer.status, status);
  assert.equal(answer.headers.get("Access-Control-Allow-Origin"), "*");
  assert.equal(answer.headers.get("Content-Type"), "application/json");
  assert.equal(answer.headers.get("Cache-Control"), "no-store");
  const body = (await answer.json()) as { errcode: string; error: string };
  assert.equal(body.errcode, "M_UNKNOWN");
  assert.match(body.error, /^The homeserver /);
}

/** A URL at which nothing listens. */
async function nowhere(): Promise<string> {
  const standIn = await StandIn.listen();
  const { url } = standIn;
  standIn.close();
  return url;
}

/** A URL at which a connection is never accepted: a listener whose queue is full, in a thread that does nothing. */
async function fullQueue(): Promise<{ url: string; end(): Promise<void> }> {
  const program = `
    const { createServer } = require("node:net");
    const { parentPort } = require("node:worker_threads");
    const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
      parentPort.postMessage(server.address().port);
      setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 50);
    });`;
  const worker = new Worker(program, { eval: true });
  const [port] = await once(worker, "message");
  return { url: `http://127.0.0.1:${port}`, end: async () => void (await worker.terminate()) };
}

for (const runtime of RUNTIMES) {
  test(`${runtime}: without the homeserver, everything of it is 502, and sign-in goes on`, async () => {
    const proxy = await startProxy(runtime, await nowhere());
    for (const path of ["/_matrix/client/v3/sync", "/_matrix/client/versions", "/"]) {
      await assertAway(await fetch(proxy.url + path), 502);
    }
    await assertAway(await fetch(`${proxy.url}/up`, { method: "POST", body: "x".repeat(1_000_000) }), 502);
    const head = await fetch(`${proxy.url}/`, { method: "HEAD" });
    assert.equal(head.status, 502);
    const preflight = await fetch(`${proxy.url}/_matrix/client/v3/login`, { method: "OPTIONS" });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get("Access-Control-Allow-Methods") ?? "", /PUT/);
    assert.match(preflight.headers.get("Access-Control-Allow-Headers") ?? "", /Authorization/);
    const created = await fetch(proxy.url + RENDEZVOUS, { method: "POST", body: '{"data":""}' });
    assert.equal(created.status, 200);
    assert.equal(await proxy.stop(), 0);
    // Said once, not for each request.
    assert.match(proxy.logged(), /^The homeserver does not answer: [^\n]*ECONNREFUSED[^\n]*$/);
  });

  test(`${runtime}: it is told when the homeserver goes away, and when it is back`, async () => {
    const url = await nowhere();
    const proxy = await startProxy(runtime, url);
    await assertAway(await fetch(`${proxy.url}/a`), 502);
    const homeserver = await StandIn.listen(Number(new URL(url).port));
    const asked = fetch(`${proxy.url}/b`);
    const wire = await homeserver.asked();
    await wire.head();
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assert.equal(await (await asked).text(), "ok");
    homeserver.close();
    assert.equal(await proxy.stop(), 0);
    assert.match(proxy.logged(), /^The homeserver does not answer: .*ECONNREFUSED.*\nThe homeserver answers again$/);
  });

  test(`${runtime}: a homeserver that hangs up on one request is 502, and not away`, async () => {
    const stage = await openStage(runtime);
    const get = await stage.client("GET /a HTTP/1.1\nHost: a\n\n");
    (await stage.homeserver.asked()).socket.resetAndDestroy();
    assert.equal((await get.head()).start, "HTTP/1.1 502 Bad Gateway");
    // In the middle of an upload: the client may be sending still.
    const { client, homeserver } = await stage.through("POST /up HTTP/1.1\nHost: a\nContent-Length: 5000000\n\n");
    client.write("x".repeat(1_000_000));
    await homeserver.until(() => homeserver.received.length === 1_000_000);
    homeserver.socket.resetAndDestroy();
    assert.equal((await client.head()).start, "HTTP/1.1 502 Bad Gateway");
    for (const wire of [get, client]) wire.socket.destroy();
    stage.homeserver.close();
    assert.equal(await stage.proxy.stop(), 0);
    assert.equal(stage.proxy.logged(), "");
  });

  test(`${runtime}: an answer that is none is 502, or as it came, and the proxy lives on`, async () => {
    const stage = await openStage(runtime);
    const answers = [
      "SMTP hello\r\n\r\n",
      "HTTP/1.1 200 OK\r\nX-Bad: a\u0001b\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 O\u0001K\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 \u00e9\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nX Bad: a\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
      "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\n",
      "HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 000 None\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 103 Early\r\nLink: a\u0001b\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 199 Odd\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 204 No Content\r\nTrailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ];
    for (const answer of answers) {
      const { client, homeserver } = await stage.through("GET /a HTTP/1.1\nHost: a\n\n");
      homeserver.write(answer);
      let { start } = await client.head();
      while (start.startsWith("HTTP/1.1 1")) ({ start } = await client.head());
      assert.match(start, /^HTTP\/1\.1 (200|204|502|999) /, answer);
      client.socket.destroy();
      homeserver.socket.destroy();
    }
    stage.homeserver.close();
    assert.equal(await stage.proxy.stop(), 0);
  });

  test(`${runtime}: a homeserver that falls silent is 504`, async () => {
    const homeserver = await StandIn.listen();
    const proxy = await startProxy(runtime, homeserver.url, ["--mode", "open", "--upstream-timeout", "300ms"]);
    const asked = fetch(`${proxy.url}/slow`);
    const wire = await homeserver.asked();
    await wire.head();
    await assertAway(await asked, 504);
    await wire.closed();
    homeserver.close();
    assert.equal(await proxy.stop(), 0);
  });

  test(`${runtime}: a homeserver that does not take connections is 504`, async () => {
    const queue = await fullQueue();
    const port = Number(new URL(queue.url).port);
    const proxy = await startProxy(runtime, queue.url, ["--mode", "open", "--upstream-timeout", "500ms"]);
    const fillers = Array.from({ length: 4 }, () => createConnection(port));
    // The first few find room in the queue, and are then not answered.
    const answers = await Promise.all(Array.from({ length: 4 }, () => fetch(`${proxy.url}/a`)));
    for (const answer of answers) await assertAway(answer, 504);
    for (const filler of fillers) filler.destroy();
    assert.equal(await proxy.stop(), 0);
    assert.match(proxy.logged(), /no connection within 500 ms|silent for 500 ms/);
    await queue.end();
  });

  test(`${runtime}: a kept connection that the homeserver closed meanwhile costs a client nothing`, async () => {
    const stage = await openStage(runtime);
    await stage.keepConnection();
    // Taken up again, and closed without an answer, as when the two cross on the way.
    const get = await stage.client("GET /b HTTP/1.1\nHost: a\n\n");
    (await stage.homeserver.asked()).socket.resetAndDestroy();
    const retried = await stage.homeserver.asked();
    assert.equal((await retried.head()).start, "GET /b HTTP/1.1");
    retried.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    await get.take(/ok$/);
    stage.homeserver.expectOn(retried);
    // What might have been done already is not asked for twice.
    const post = await stage.client("POST /c HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi");
    (await stage.homeserver.asked()).socket.resetAndDestroy();
    assert.equal((await post.head()).start, "HTTP/1.1 502 Bad Gateway");
    for (const wire of [get, post]) wire.socket.destroy();
    stage.homeserver.close();
    assert.equal(await stage.proxy.stop(), 0);
  });

  test(`${runtime}: a client that stalls in the middle of a body is hung up on, here and at the homeserver`, async () => {
    const stage = await openStage(runtime, ["--mode", "open", "--upstream-timeout", "300ms"]);
    const here = await stage.client(`POST ${RENDEZVOUS} HTTP/1.1\nHost: a\nContent-Length: 11\n\n{"da`);
    await here.closed();
    const { client, homeserver } = await stage.through("POST /up HTTP/1.1\nHost: a\nContent-Length: 11\n\n{");
    await homeserver.closed();
    assert.equal((await client.head()).start, "HTTP/1.1 504 Gateway Timeout");
    client.socket.destroy();
    stage.homeserver.close();
    assert.equal(await stage.proxy.stop(), 0);
  });

  test(`${runtime}: a connection that nobody needs is given up before the homeserver does`, async () => {
    const homeserver = await StandIn.listen();
    const proxy = await startProxy(runtime, homeserver.url, ["--mode", "open", "--upstream-timeout", "300ms"]);
    const asked = fetch(`${proxy.url}/a`);
    const wire = await homeserver.asked();
    await wire.head();
    wire.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assert.equal(await (await asked).text(), "ok");
    await wire.closed();
    homeserver.close();
    assert.equal(await proxy.stop(), 0);
    assert.equal(proxy.logged(), "");
  });
}
