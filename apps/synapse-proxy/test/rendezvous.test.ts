import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { registerHttpChecks } from "@matrix-rendezvous/testkit/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES, startProxy } from "./proxy-process.ts";
import { endStage, openStage } from "./stage.ts";

/** Knows no path, in the words of Synapse. */
const homeserver = createServer((request, response) => {
  request.resume();
  response.writeHead(request.method === "OPTIONS" ? 204 : 404, {
    "Content-Type": "application/json",
    "Cache-Control": "no-store",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "X-Requested-With, Content-Type, Authorization, Date",
  });
  response.end(request.method === "OPTIONS" ? "" : '{"errcode":"M_UNRECOGNIZED","error":"Unrecognized request"}');
}).listen(0, "127.0.0.1");
await once(homeserver, "listening");
const homeserverUrl = `http://127.0.0.1:${(homeserver.address() as AddressInfo).port}`;

// The same checks as of the standalone server: in front of a Synapse, sessions are no different.
for (const runtime of RUNTIMES) {
  const proxy = await startProxy(runtime, homeserverUrl);
  const named = (name: string, body: () => void | Promise<void>): void => test(`${runtime}: ${name}`, body);
  registerHttpChecks(named, { baseUrl: proxy.url, mode: "open" });
  named("the proxy had nothing to complain of, and ends with 0", async () => {
    assert.equal(await proxy.stop(), 0);
    assert.equal(proxy.logged(), "");
  });
}

for (const runtime of RUNTIMES) {
  const publicUrl = "https://matrix.example.org";
  const stage = await openStage(runtime, ["--mode", "open", "--public-url", publicUrl]);

  test(`${runtime}: the 2024 version is served under the public URL, and none of it reaches the homeserver`, async () => {
    const create = `${stage.proxy.url}/_matrix/client/unstable/org.matrix.msc4108/rendezvous`;
    const created = await fetch(create, { method: "POST", headers: { "Content-Type": "text/plain" }, body: "one" });
    assert.equal(created.status, 201);
    const { url } = (await created.json()) as { url: string };
    assert.ok(url.startsWith(`${publicUrl}/_synapse/client/rendezvous/`), url);
    const session = url.replace(publicUrl, stage.proxy.url);
    const read = await fetch(session);
    assert.equal(await read.text(), "one");
    assert.equal(read.headers.get("Content-Type"), "text/plain");
    const etag = read.headers.get("ETag") ?? "";
    const written = await fetch(session, {
      method: "PUT",
      headers: { "Content-Type": "text/plain", "If-Match": etag },
      body: "two",
    });
    assert.equal(written.status, 202);
    assert.equal((await fetch(session, { method: "DELETE" })).status, 204);
    assert.equal((await fetch(session)).status, 404);
    assert.equal(stage.homeserver.connections, 0);
  });

  test(`${runtime}: only the rendezvous paths are answered here`, async () => {
    const paths = [
      "/_matrix/client/v1/rendezvous",
      "/_matrix/client/unstable/org.matrix.msc3882/login/token",
      "/_matrix/client/unstable/io.element.msc4388",
      "/_synapse/client/rendezvou",
      "/_synapse/client/pick_idp",
      "/",
    ];
    for (const path of paths) {
      const { client, homeserver, request } = await stage.through(`GET ${path} HTTP/1.1\nHost: a\n\n`);
      assert.equal(request.start, `GET ${path} HTTP/1.1`);
      homeserver.write("HTTP/1.1 204 No Content\r\n\r\n");
      await client.head();
      stage.homeserver.expectOn(homeserver);
      client.socket.destroy();
    }
  });

  test(`${runtime}: a creation that asks whether it may send its body is told to`, async () => {
    const path = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
    const client = await stage.client(`POST ${path} HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 11\n\n`);
    assert.equal((await client.head()).start, "HTTP/1.1 100 Continue");
    client.write('{"data":""}');
    assert.equal((await client.head()).start, "HTTP/1.1 200 OK");
    client.socket.destroy();
  });

  endStage(runtime, stage);
}

test("the homeserver of these tests is closed", () => void homeserver.close());
