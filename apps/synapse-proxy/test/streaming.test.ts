import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES } from "./proxy-process.ts";
import { endStage, openStage } from "./stage.ts";
import { valuesOf } from "./wire.ts";

for (const runtime of RUNTIMES) {
  const stage = await openStage(runtime);

  test(`${runtime}: an answer comes through as it comes: its head, then each piece`, async () => {
    const { client, homeserver } = await stage.through("GET /slow HTTP/1.1\nHost: a\n\n");
    homeserver.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    assert.equal((await client.head()).start, "HTTP/1.1 200 OK");
    homeserver.write("5\r\nfirst\r\n");
    await client.take(/^5\r\nfirst\r\n$/);
    homeserver.write("6\r\nsecond\r\n0\r\n\r\n");
    await client.take(/^6\r\nsecond\r\n0\r\n\r\n$/);
    stage.homeserver.expectOn(homeserver);
    client.socket.destroy();
  });

  test(`${runtime}: an upload goes on as it comes: its head, then each piece`, async () => {
    const { client, homeserver, request } = await stage.through("POST /up HTTP/1.1\nHost: a\nContent-Length: 11\n\n");
    assert.deepEqual(valuesOf(request, "Content-Length"), ["11"]);
    client.write("first");
    await homeserver.take(/^first$/);
    client.write("second");
    await homeserver.take(/^second$/);
    homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    await client.head();
    stage.homeserver.expectOn(homeserver);
    client.socket.destroy();
  });

  test(`${runtime}: bodies pass as they are: compressed ones, and every byte`, async () => {
    const everyByte = String.fromCharCode(...Array(256).keys());
    const zipped = gzipSync("a body").toString("latin1");
    const fields = `Content-Encoding: gzip\r\nContent-Length: ${zipped.length + 256}\r\n`;
    const { client, homeserver } = await stage.through(
      `PUT /bytes HTTP/1.1\nHost: a\n${fields.replaceAll("\r", "")}\n`,
    );
    client.write(zipped + everyByte);
    await homeserver.until(() => homeserver.received === zipped + everyByte);
    homeserver.received = "";
    homeserver.write(`HTTP/1.1 200 OK\r\n${fields}\r\n${zipped}${everyByte}`);
    assert.deepEqual(valuesOf(await client.head(), "Content-Encoding"), ["gzip"]);
    await client.until(() => client.received === zipped + everyByte);
    stage.homeserver.expectOn(homeserver);
    client.socket.destroy();
  });

  test(`${runtime}: trailers pass, in both directions`, async () => {
    const { client, homeserver, request } = await stage.through(
      "POST /trailers HTTP/1.1\nHost: a\nTE: trailers\nTransfer-Encoding: chunked\nTrailer: X-Sum\n\n2\nhi\n0\nX-Sum: 1\n\n",
    );
    assert.deepEqual(valuesOf(request, "Trailer"), ["X-Sum"]);
    assert.deepEqual([...valuesOf(request, "TE"), ...valuesOf(request, "Connection")], ["trailers", "TE"]);
    await homeserver.take(/^2\r\nhi\r\n0\r\nX-Sum: 1\r\n\r\n$/);
    homeserver.write(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nho\r\n0\r\nX-Sum: 2\r\n\r\n",
    );
    assert.deepEqual(valuesOf(await client.head(), "Trailer"), ["X-Sum"]);
    await client.take(/^2\r\nho\r\n0\r\nX-Sum: 2\r\n\r\n$/);
    stage.homeserver.expectOn(homeserver);
    client.socket.destroy();
  });

  test(`${runtime}: a Trailer that announces none is left out, and the answer comes through`, async () => {
    const { client, homeserver } = await stage.through(
      "POST /a HTTP/1.1\nHost: a\nTrailer: X-Sum\nContent-Length: 2\n\nhi",
    );
    homeserver.write("HTTP/1.1 200 OK\r\nTrailer: X-Sum\r\nContent-Length: 2\r\n\r\nho");
    assert.deepEqual(valuesOf(await client.head(), "Trailer"), []);
    await client.take(/^ho$/);
    homeserver.received = "";
    stage.homeserver.expectOn(homeserver);
    client.socket.destroy();
  });

  test(`${runtime}: interim answers pass, as far as the runtime can send them`, async () => {
    const { client, homeserver } = await stage.through("GET /interim HTTP/1.1\nHost: a\n\n");
    homeserver.write("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\nX-One: 1\r\n\r\n");
    assert.equal((await client.head()).start, "HTTP/1.1 102 Processing");
    if (runtime !== "deno") {
      const hints = await client.head();
      assert.equal(hints.start, "HTTP/1.1 103 Early Hints");
      assert.deepEqual(hints.lines, ["Link: </a>", "X-One: 1"]);
    }
    homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert.equal((await client.head()).start, "HTTP/1.1 200 OK");
    stage.homeserver.expectOn(homeserver);
    client.socket.destroy();
  });

  test(`${runtime}: whether an upload may begin is for the homeserver to say`, async () => {
    const text = "POST /up HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 5\n\n";
    const welcome = await stage.through(text);
    assert.deepEqual(valuesOf(welcome.request, "Expect"), ["100-continue"]);
    assert.equal(welcome.client.received, "");
    welcome.homeserver.write("HTTP/1.1 100 Continue\r\n\r\n");
    assert.equal((await welcome.client.head()).start, "HTTP/1.1 100 Continue");
    welcome.client.write("hello");
    await welcome.homeserver.take(/^hello$/);
    welcome.homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert.equal((await welcome.client.head()).start, "HTTP/1.1 200 OK");
    stage.homeserver.expectOn(welcome.homeserver);
    welcome.client.socket.destroy();

    const refused = await stage.through(text);
    refused.homeserver.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    assert.equal((await refused.client.head()).start, "HTTP/1.1 413 Too Large");
    await refused.client.take(/^no$/);
    refused.client.socket.destroy();
    await refused.homeserver.closed();
  });

  test(`${runtime}: an upload that is refused while it comes in is answered, and read no further by the homeserver`, async () => {
    const { client, homeserver } = await stage.through("POST /up HTTP/1.1\nHost: a\nContent-Length: 1000000\n\nstart");
    homeserver.write("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    assert.equal((await client.head()).start, "HTTP/1.1 413 Too Large");
    await client.take(/^no$/);
    await homeserver.closed();
    // The client may go on sending all of it, and then ask for something else.
    client.write("x".repeat(1_000_000 - "start".length));
    client.write("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    const next = await stage.homeserver.asked();
    assert.equal((await next.head()).start, "GET /next HTTP/1.1");
    next.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assert.equal((await client.head()).start, "HTTP/1.1 200 OK");
    stage.homeserver.expectOn(next);
    client.socket.destroy();
  });

  endStage(runtime, stage);
}
