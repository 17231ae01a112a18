import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES } from "./proxy-process.ts";
import { endStage, openStage } from "./stage.ts";

for (const runtime of RUNTIMES) {
  const stage = await openStage(runtime);

  test(`${runtime}: a client that hangs up before the answer is hung up on at the homeserver`, async () => {
    const sync = "/_matrix/client/v3/sync?timeout=30000";
    for (const asking of [`GET ${sync} HTTP/1.1\nHost: a\n\n`, "POST /a HTTP/1.1\nHost: a\nContent-Length: 2\n\nhi"]) {
      const onNewConnection = await stage.through(asking);
      onNewConnection.client.socket.destroy();
      await onNewConnection.homeserver.closed();
      await stage.keepConnection();
      const onKeptConnection = await stage.through(asking);
      onKeptConnection.client.socket.destroy();
      await onKeptConnection.homeserver.closed();
    }
    // It is not asked again, for nobody: the next request is the next client's.
    const next = await stage.through("GET /next HTTP/1.1\nHost: a\n\n");
    assert.equal(next.request.start, "GET /next HTTP/1.1");
    next.homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    await next.client.head();
    stage.homeserver.expectOn(next.homeserver);
    next.client.socket.destroy();
  });

  test(`${runtime}: a client that hangs up in the middle of the answer is hung up on at the homeserver`, async () => {
    const { client, homeserver } = await stage.through("GET /download HTTP/1.1\nHost: a\n\n");
    homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nstart");
    await client.take(/start$/);
    client.socket.destroy();
    await homeserver.closed();
  });

  test(`${runtime}: a client that hangs up in the middle of its upload is hung up on at the homeserver`, async () => {
    for (const length of ["Content-Length: 100\n\nstart", "Transfer-Encoding: chunked\n\n5\nstart\n"]) {
      const { client, homeserver } = await stage.through(`POST /up HTTP/1.1\nHost: a\n${length}`);
      await homeserver.take(/start/);
      client.socket.destroy();
      await homeserver.closed();
      // An end of the chunks would make half an upload look like a whole one.
      assert.doesNotMatch(homeserver.received, /0\r\n\r\n/);
    }
  });

  test(`${runtime}: a client sees that the homeserver broke its answer off`, async () => {
    for (const length of ["Content-Length: 100\r\n\r\nstart", "Transfer-Encoding: chunked\r\n\r\n5\r\nstart\r\n"]) {
      const { client, homeserver } = await stage.through("GET /download HTTP/1.1\nHost: a\n\n");
      homeserver.write(`HTTP/1.1 200 OK\r\n${length}`);
      await client.take(/start/);
      homeserver.socket.resetAndDestroy();
      await client.closed();
      assert.doesNotMatch(client.received, /0\r\n\r\n/);
    }
  });

  test(`${runtime}: one client's hanging up is not another's`, async () => {
    const first = await stage.through("GET /first HTTP/1.1\nHost: a\n\n");
    const second = await stage.through("GET /second HTTP/1.1\nHost: a\n\n");
    first.client.socket.destroy();
    await first.homeserver.closed();
    second.homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    await second.client.take(/ok$/);
    stage.homeserver.expectOn(second.homeserver);
    second.client.socket.destroy();
  });

  test(`${runtime}: a client that hangs up after its answer leaves the homeserver's connection for the next`, async () => {
    const before = stage.homeserver.connections;
    for (const path of ["/one", "/two", "/three"]) {
      const { client, homeserver, request } = await stage.through(`GET ${path} HTTP/1.1\nHost: a\n\n`);
      assert.equal(request.start, `GET ${path} HTTP/1.1`);
      homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
      await client.take(/ok$/);
      stage.homeserver.expectOn(homeserver);
      client.socket.destroy();
    }
    assert.equal(stage.homeserver.connections, before);
  });

  endStage(runtime, stage);
}
