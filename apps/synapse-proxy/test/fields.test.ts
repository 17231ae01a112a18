import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES } from "./proxy-process.ts";
import { endStage, openStage, type Through } from "./stage.ts";
import { type Head, valuesOf } from "./wire.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

for (const runtime of RUNTIMES) {
  const stage = await openStage(runtime);

  /** The request's head as the homeserver got it; it is answered. */
  async function request(text: string): Promise<Head> {
    const { client, homeserver, request } = await stage.through(text);
    homeserver.write(OK);
    await client.take(/ok$/);
    stage.homeserver.expectOn(homeserver);
    client.socket.destroy();
    return request;
  }

  /** The answer's head as the client got it. */
  async function answer(text: string, question = "GET /_matrix/x HTTP/1.1\nHost: a\n\n"): Promise<Head> {
    const { client, homeserver } = await stage.through(question);
    homeserver.write(text.replaceAll("\n", "\r\n"));
    const head = await client.head();
    homeserver.socket.destroy();
    client.socket.destroy();
    return head;
  }

  test(`${runtime}: the target and the fields go on as they are`, async () => {
    const target = "/_matrix/client/v3/a%2Fb/../c//d?e=%zz&f=/?#g";
    const { start, lines } = await request(
      `GET ${target} HTTP/1.1\nHost: example.org:8448\nx-one: 1\nAuthorization: Bearer a\nX-One: two\nCookie: a=b\nCookie: c=d\nX-Latin: \xe9\n\n`,
    );
    assert.equal(start, `GET ${target} HTTP/1.1`);
    assert.deepEqual(
      lines.slice(0, 7).map((line) => line.replace(/^x-one: 1/, "X-One: 1")),
      [
        "Host: example.org:8448",
        "X-One: 1",
        "Authorization: Bearer a",
        "X-One: two",
        "Cookie: a=b",
        "Cookie: c=d",
        "X-Latin: \xe9",
      ],
    );
  });

  test(`${runtime}: what speaks of the client's connection stays here, also what Connection names`, async () => {
    const { lines } = await request(
      "GET /_matrix/x HTTP/1.1\nHost: a\nConnection: keep-alive, X-Private\nConnection: x-other\nX-Private: 1\nX-Other: 2\n" +
        "Keep-Alive: timeout=9\nProxy-Connection: close\nProxy-Authorization: Basic a\nTE: deflate\nUpgrade: websocket\nX-Kept: 3\n\n",
    );
    const names = lines.map((line) => line.replace(/:.*/, "").toLowerCase());
    const expected = ["host", "x-kept", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "connection"];
    assert.deepEqual(names, expected);
    assert.match(lines.at(-1) ?? "", /^Connection: keep-alive$/i);
  });

  test(`${runtime}: what speaks of the homeserver's connection stays here, too`, async () => {
    const head = await answer(
      "HTTP/1.1 200 OK\nConnection: close, X-Private\nX-Private: 1\nKeep-Alive: timeout=7\nUpgrade: h2c\nX-Kept: 3\n" +
        "Set-Cookie: a=b\nSet-Cookie: c=d\nServer: Synapse\nDate: then\nContent-Length: 0\n\n",
    );
    assert.equal(head.start, "HTTP/1.1 200 OK");
    assert.deepEqual(head.lines.slice(0, 6), [
      "X-Kept: 3",
      "Set-Cookie: a=b",
      "Set-Cookie: c=d",
      "Server: Synapse",
      "Date: then",
      "Content-Length: 0",
    ]);
    assert.deepEqual(valuesOf(head, "Connection"), ["keep-alive"]);
    assert.deepEqual([...valuesOf(head, "X-Private"), ...valuesOf(head, "Upgrade")], []);
    assert.deepEqual(valuesOf(head, "Keep-Alive"), ["timeout=75"]);
  });

  test(`${runtime}: a status and its words come through, and no Date that was not there`, async () => {
    const head = await answer("HTTP/1.1 418 I am a teapot\nContent-Length: 0\n\n");
    assert.equal(head.start, "HTTP/1.1 418 I am a teapot");
    assert.deepEqual(valuesOf(head, "Date"), []);
  });

  test(`${runtime}: an answer without a body keeps the length that it tells of`, async () => {
    const notModified = await answer('HTTP/1.1 304 Not Modified\nETag: "a"\nContent-Length: 5\n\n');
    assert.deepEqual(valuesOf(notModified, "Content-Length"), ["5"]);
    const head = await answer("HTTP/1.1 200 OK\nContent-Length: 5\n\n", "HEAD /_matrix/x HTTP/1.1\nHost: a\n\n");
    assert.deepEqual(valuesOf(head, "Content-Length"), ["5"]);
    const noContent = await answer("HTTP/1.1 204 No Content\n\n");
    assert.deepEqual([...valuesOf(noContent, "Content-Length"), ...valuesOf(noContent, "Transfer-Encoding")], []);
  });

  test(`${runtime}: Synapse is told the connection's address, not the one that the client claims`, async () => {
    const head = await request(
      "GET /_matrix/x HTTP/1.1\nHost: example.org\nX-Forwarded-For: 6.6.6.6\nX-Forwarded-For: 7.7.7.7\nX-Forwarded-Proto: https\nX-Forwarded-Host: evil\n\n",
    );
    assert.deepEqual(valuesOf(head, "X-Forwarded-For"), ["127.0.0.1"]);
    assert.deepEqual(valuesOf(head, "X-Forwarded-Proto"), ["http"]);
    assert.deepEqual(valuesOf(head, "X-Forwarded-Host"), ["example.org"]);
  });

  test(`${runtime}: naming them in Connection does not keep the proxy's own fields back`, async () => {
    const head = await request(
      "GET /_matrix/x HTTP/1.1\nHost: a\nConnection: X-Forwarded-For, X-Forwarded-Proto\nX-Forwarded-For: 6.6.6.6\n\n",
    );
    assert.deepEqual(valuesOf(head, "X-Forwarded-For"), ["127.0.0.1"]);
    assert.deepEqual(valuesOf(head, "X-Forwarded-Proto"), ["http"]);
  });

  test(`${runtime}: no request can be hidden in another's body`, async () => {
    const hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
    for (const fields of ["Content-Length: LENGTH\nConnection: Content-Length", "Content-Length: LENGTH"]) {
      for (const method of ["GET", "DELETE", "POST"]) {
        const framed = `${method} /outer HTTP/1.1\nHost: a\n${fields.replace("LENGTH", String(hidden.length))}\n\n`;
        const { client, homeserver, request } = await stage.through(framed + hidden.replaceAll("\r\n", "\n"));
        assert.deepEqual(valuesOf(request, "Content-Length"), [String(hidden.length)]);
        assert.equal(await homeserver.take(/\r\n\r\n/), hidden);
        client.socket.destroy();
        await homeserver.closed();
      }
    }
    const chunks = `GET /outer HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\nConnection: Transfer-Encoding\n\n5\nhello\n0\n\n`;
    const { client, homeserver, request } = await stage.through(chunks);
    assert.deepEqual(valuesOf(request, "Transfer-Encoding"), ["chunked"]);
    await homeserver.take(/^5\r\nhello\r\n0\r\n\r\n$/);
    client.socket.destroy();
    await homeserver.closed();
  });

  test(`${runtime}: a request with two lengths is refused, and does not reach the homeserver`, async () => {
    const before = stage.homeserver.connections;
    const both = "POST /both HTTP/1.1\nHost: a\nContent-Length: 5\nTransfer-Encoding: chunked\n\n0\n\n";
    const twice = "POST /twice HTTP/1.1\nHost: a\nContent-Length: 5\nContent-Length: 6\n\nhello!";
    for (const text of [both, twice]) {
      const client = await stage.client(text);
      assert.match((await client.head()).start, /^HTTP\/1\.1 400 /);
      client.socket.destroy();
    }
    assert.equal(stage.homeserver.connections, before);
  });

  test(`${runtime}: a body is as long to the homeserver as the client said; no body stays none`, async () => {
    const lengths = async (text: string): Promise<readonly string[]> => {
      const head = await request(text);
      return [...valuesOf(head, "Content-Length"), ...valuesOf(head, "Transfer-Encoding")];
    };
    assert.deepEqual(await lengths("GET /a HTTP/1.1\nHost: a\n\n"), []);
    assert.deepEqual(await lengths("DELETE /a HTTP/1.1\nHost: a\n\n"), []);
    assert.deepEqual(await lengths("POST /a HTTP/1.1\nHost: a\n\n"), ["0"]);
    assert.deepEqual(await lengths("PUT /a HTTP/1.1\nHost: a\nContent-Length: 0\n\n"), ["0"]);
  });

  test(`${runtime}: a target with a scheme and a host is asked for without them`, async () => {
    assert.equal((await request("GET http://other/a?b HTTP/1.1\nHost: a\n\n")).start, "GET /a?b HTTP/1.1");
    assert.equal((await request("GET HTTP://other?b HTTP/1.1\nHost: a\n\n")).start, "GET /?b HTTP/1.1");
  });

  test(`${runtime}: the target * goes on, where the runtime knows of it`, async () => {
    const text = "OPTIONS * HTTP/1.1\nHost: a\n\n";
    if (runtime !== "bun") return assert.equal((await request(text)).start, "OPTIONS * HTTP/1.1");
    assert.equal((await (await stage.client(text)).head()).start, "HTTP/1.1 400 Bad Request");
  });

  test(`${runtime}: a client of HTTP/1.0 is served without chunks, and the homeserver gets a Host`, async () => {
    const { client, homeserver, request }: Through = await stage.through("GET /old HTTP/1.0\n\n");
    assert.equal(request.start, "GET /old HTTP/1.1");
    assert.deepEqual(valuesOf(request, "Host"), [new URL(stage.homeserver.url).host]);
    homeserver.write(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n2\r\nhi\r\n0\r\nX-T: 1\r\n\r\n",
    );
    const head = await client.head();
    assert.deepEqual([...valuesOf(head, "Transfer-Encoding"), ...valuesOf(head, "Trailer")], []);
    await client.closed();
    assert.equal(client.received, "hi");
    homeserver.socket.destroy();
  });

  test(`${runtime}: a request to switch protocols is answered as one that does not`, async () => {
    const head = await request(
      "GET /ws HTTP/1.1\nHost: a\nConnection: Upgrade\nUpgrade: websocket\nSec-WebSocket-Version: 13\nSec-WebSocket-Key: a\n\n",
    );
    assert.deepEqual(valuesOf(head, "Upgrade"), []);
  });

  endStage(runtime, stage);
}
