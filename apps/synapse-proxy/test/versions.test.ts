import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "@matrix-rendezvous/testkit/runner";
import { withFlags } from "../src/versions.ts";
import { RUNTIMES } from "./proxy-process.ts";
import { endStage, openStage } from "./stage.ts";
import { type Head, valuesOf, type Wire } from "./wire.ts";

const flagged = (json: string): string | undefined => withFlags(Buffer.from(json))?.toString();

test("the flags are added to a body that is otherwise the same, byte for byte", () => {
  const [before, after] = [
    '{ "versions":["r0.0.1"],\n\t"unstable_features" : {"9":true,"1":1.0',
    '}, "x":9007199254740993}\n',
  ];
  const flags = ',"org.matrix.msc4108": true,"io.element.msc4388": true';
  assert.equal(flagged(before + after), before + flags + after);
});

test("a flag that is there is not there twice, and false becomes true", () => {
  const given = '{"unstable_features":{"io.element.msc4388":true,"a":1,"org.matrix.msc4108":false,"b":2}}';
  assert.equal(flagged(given), given.replace("false", "true"));
});

test("a body without flags gets them, in the last place", () => {
  const flags = '{"org.matrix.msc4108":true,"io.element.msc4388": true}';
  assert.equal(flagged('{"versions":["v1.1"]}'), `{"versions":["v1.1"],"unstable_features": ${flags}}`);
  assert.deepEqual(JSON.parse(flagged('{"unstable_features":{}}') ?? ""), { unstable_features: JSON.parse(flags) });
});

test("what clients could not read is left alone", () => {
  for (const body of [
    "",
    "no",
    "[]",
    '"a"',
    "{} // a",
    '{"a":1,}',
    '{"unstable_features":[]}',
    '{"unstable_features":null}',
  ])
    assert.equal(flagged(body), undefined, body);
  assert.equal(withFlags(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d)), undefined);
});

const BODY = '{"versions":["v1.1"],"unstable_features":{"a":true}}';
const CHANGED = flagged(BODY) ?? "";
const VERSIONS = "/_matrix/client/versions";

for (const runtime of RUNTIMES) {
  const stage = await openStage(runtime);

  interface Asked {
    readonly request: Head;
    readonly answer: Head;
    readonly client: Wire;
  }

  /** One request through the proxy, answered with `fields` and `body`. */
  async function versions(text: string, fields = "", body = BODY, status = "200 OK"): Promise<Asked> {
    const { client, homeserver, request } = await stage.through(text);
    homeserver.write(
      `HTTP/1.1 ${status}\r\n${fields.replaceAll("\n", "\r\n")}Content-Length: ${body.length}\r\n\r\n${body}`,
    );
    const answer = await client.head();
    stage.homeserver.expectOn(homeserver);
    return { request, answer, client };
  }

  const get = `GET ${VERSIONS} HTTP/1.1\nHost: a\n`;

  test(`${runtime}: clients are told of both versions, and caches nothing wrong`, async () => {
    const cache = "Cache-Control: public, max-age=600\nVary: Authorization\nServer: Synapse/1\n";
    const about = 'ETag: "upstream"\nLast-Modified: then\nAccept-Ranges: bytes\nContent-MD5: a\nRepr-Digest: a\n';
    const { answer, client } = await versions(`${get}\n`, `Content-Type: application/json\n${cache}${about}`);
    await client.take(new RegExp(`^${CHANGED.replace(/[{}[\]]/g, "\\$&")}$`));
    const [etag = ""] = valuesOf(answer, "ETag");
    assert.match(etag, /^"[\w-]{43}"$/);
    assert.deepEqual(valuesOf(answer, "Content-Length"), [String(CHANGED.length)]);
    assert.deepEqual(valuesOf(answer, "Cache-Control"), ["public, max-age=600"]);
    assert.deepEqual(valuesOf(answer, "Vary"), ["Authorization"]);
    for (const name of ["Last-Modified", "Accept-Ranges", "Content-MD5", "Repr-Digest"])
      assert.deepEqual(valuesOf(answer, name), [], name);
    client.socket.destroy();

    const again = await versions(`${get}If-None-Match: "x", W/${etag}\n\n`, 'ETag: "upstream"\n');
    assert.equal(again.answer.start, "HTTP/1.1 304 Not Modified");
    assert.deepEqual(valuesOf(again.answer, "ETag"), [etag]);
    assert.deepEqual(valuesOf(again.answer, "Content-Length"), []);
    again.client.socket.destroy();

    const head = await versions(`HEAD ${VERSIONS} HTTP/1.1\nHost: a\n\n`, 'ETag: "upstream"\n');
    assert.match(head.request.start, /^GET /);
    assert.deepEqual(valuesOf(head.answer, "Content-Length"), [String(CHANGED.length)]);
    assert.deepEqual(valuesOf(head.answer, "ETag"), [etag]);
    head.client.write("GET /next HTTP/1.1\r\nHost: a\r\n\r\n");
    const next = await stage.homeserver.asked();
    await next.head();
    next.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    await head.client.head();
    assert.equal(head.client.received, "");
    stage.homeserver.expectOn(next);
    head.client.socket.destroy();
  });

  test(`${runtime}: an ETag of the homeserver's body does not match, and without one there is none`, async () => {
    const conditional = await versions(`${get}If-None-Match: "upstream"\n\n`, 'ETag: "upstream"\n');
    assert.equal(conditional.answer.start, "HTTP/1.1 200 OK");
    conditional.client.socket.destroy();
    const plain = await versions(`${get}If-None-Match: *\n\n`);
    assert.equal(plain.answer.start, "HTTP/1.1 200 OK");
    assert.deepEqual(valuesOf(plain.answer, "ETag"), []);
    plain.client.socket.destroy();
  });

  test(`${runtime}: the homeserver is asked for the whole body, uncompressed, by whom it was asked`, async () => {
    const { request, client } = await versions(
      `${get.replace("versions", "versions?a")}Authorization: Bearer t\nAccept-Encoding: gzip\nRange: bytes=0-1\nIf-Modified-Since: then\nIf-None-Match: "a"\n\n`,
    );
    assert.equal(request.start, `GET ${VERSIONS}?a HTTP/1.1`);
    assert.deepEqual(valuesOf(request, "Authorization"), ["Bearer t"]);
    assert.deepEqual(valuesOf(request, "Accept-Encoding"), ["identity"]);
    for (const name of ["Range", "If-Modified-Since", "If-None-Match"])
      assert.deepEqual(valuesOf(request, name), [], name);
    client.socket.destroy();
  });

  test(`${runtime}: an answer that is not the versions goes on as it is`, async () => {
    const unknown = '{"errcode":"M_UNKNOWN_TOKEN","error":"no"}';
    const refused = await versions(`${get}\n`, 'ETag: "a"\n', unknown, "401 Unauthorized");
    assert.equal(refused.answer.start, "HTTP/1.1 401 Unauthorized");
    assert.deepEqual(valuesOf(refused.answer, "ETag"), ['"a"']);
    await refused.client.take(/"no"}$/);
    refused.client.socket.destroy();
    const page = await versions(`${get}\n`, 'ETag: "a"\n', "<p>not JSON");
    assert.deepEqual(valuesOf(page.answer, "ETag"), ['"a"']);
    await page.client.take(/^<p>not JSON$/);
    page.client.socket.destroy();
    const zipped = gzipSync(BODY).toString("latin1");
    const insistent = await versions(`${get}\n`, "Content-Encoding: gzip\n", zipped);
    assert.deepEqual(valuesOf(insistent.answer, "Content-Encoding"), ["gzip"]);
    await insistent.client.until(() => insistent.client.received === zipped);
    insistent.client.socket.destroy();
  });

  test(`${runtime}: only this path, and only asking for it, is changed`, async () => {
    for (const line of [
      `OPTIONS ${VERSIONS}`,
      `POST ${VERSIONS}`,
      `GET ${VERSIONS}/`,
      "GET /_matrix/federation/v1/version",
    ]) {
      const { request, client } = await versions(`${line} HTTP/1.1\nHost: a\nAccept-Encoding: gzip\n\n`);
      assert.equal(request.start, `${line} HTTP/1.1`);
      assert.deepEqual(valuesOf(request, "Accept-Encoding"), ["gzip"]);
      await client.until(() => client.received === BODY);
      client.socket.destroy();
    }
  });

  test(`${runtime}: an answer that breaks off is 502, not half of one`, async () => {
    const { client, homeserver } = await stage.through(`${get}\n`);
    homeserver.write(`HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n${BODY}`);
    await homeserver.until(() => true);
    homeserver.socket.end();
    assert.equal((await client.head()).start, "HTTP/1.1 502 Bad Gateway");
    client.socket.destroy();
  });

  endStage(runtime, stage);
}

test("who serves no sessions does not say that they are served", async () => {
  const stage = await openStage("node", ["--mode", "off"]);
  const { client, homeserver, request } = await stage.through(
    `GET ${VERSIONS} HTTP/1.1\nHost: a\nAccept-Encoding: gzip\n\n`,
  );
  assert.deepEqual(valuesOf(request, "Accept-Encoding"), ["gzip"]);
  homeserver.write(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
  await client.head();
  await client.until(() => client.received === BODY);
  client.socket.destroy();
  homeserver.socket.destroy();
  stage.homeserver.close();
  assert.equal(await stage.proxy.stop(), 0);
});
