import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { httpChecks } from "@matrix-rendezvous/testkit/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { parseResponse } from "../src/http/response.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parsed = (text: string, method = "GET", ended = false) => parseResponse(bytes(text), method, ended);

/** Whole responses, each with what follows it. */
const WHOLE = [
  {
    name: "a body of a length",
    text: "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    body: "{}",
    rest: "HTTP/1.1 2",
  },
  { name: "no body", text: "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n", body: "", rest: "HTTP" },
  { name: "a 204", text: "HTTP/1.1 204 No Content\r\n\r\n", body: "", rest: "x" },
  { name: "a 100", text: "HTTP/1.1 100 Continue\r\n\r\n", body: "", rest: "HTTP/1.1 200 OK" },
  {
    name: "chunks",
    text: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{\n\r\n1;x=y\r\n}\r\n0\r\n\r\n",
    body: "{\n}",
    rest: "HTTP",
  },
];

for (const { name, text, body, rest } of WHOLE) {
  test(`a response with ${name} is read, and not before it is whole`, () => {
    for (let cut = 0; cut < text.length; cut += 1) assert.equal(parsed(text.slice(0, cut)), undefined);
    const whole = parsed(text + rest);
    assert.equal(new TextDecoder().decode(whole?.answer.body), body);
    assert.equal(new TextDecoder().decode(whole?.rest), rest);
  });
}

test("a response to HEAD has no body, whatever its length", () => {
  const head = parsed("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD");
  assert.deepEqual([head?.answer.status, head?.answer.body.length], [200, 0]);
});

test("a response without a length ends with its connection", () => {
  const text = "HTTP/1.0 200 OK\r\n\r\nall of it";
  assert.equal(parsed(text), undefined);
  assert.equal(new TextDecoder().decode(parsed(text, "GET", true)?.answer.body), "all of it");
});

for (const text of [
  "200 OK\r\n\r\n",
  "HTTP/2 200\r\n\r\n",
  "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
  "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxyz\r\n",
]) {
  test(`${JSON.stringify(text)} is no response`, () => assert.throws(() => parsed(text)));
}

const JSON_HEADERS = "Content-Type: application/json\r\nAccess-Control-Allow-Origin: *\r\nCache-Control: no-store\r\n";

/** What a connection may meet that is no HTTP server in good order, and what is then said of it. */
const BROKEN: Record<string, { readonly serve: (socket: Socket) => void; readonly says: RegExp }> = {
  "that never answers": { serve: () => {}, says: /no answer within 300 ms|The operation was aborted|timed out/i },
  "that hangs up": { serve: (socket) => socket.destroy(), says: /hung up|fetch failed|closed|reset|connection/i },
  "that answers half a response": {
    serve: (socket) => socket.end(`HTTP/1.1 200 OK\r\n${JSON_HEADERS}Content-Length: 100\r\n\r\n{`),
    says: /in the middle of an answer|terminated|closed|aborted|connection|body|fetch failed/i,
  },
  "that breaks down": {
    serve: (socket) => socket.end("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"),
    says: /answered 500/,
  },
  "that speaks something else": { serve: (socket) => socket.end("220 mail ready\r\n\r\n"), says: /./ },
  "that redirects": {
    serve: (socket) => socket.end("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"),
    says: /302|CORS/,
  },
};

for (const [name, { serve, says }] of Object.entries(BROKEN)) {
  test(`a server ${name} passes no check, in bounded time`, async () => {
    const server = createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => serve(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const checks = httpChecks({ baseUrl: `http://127.0.0.1:${port}`, mode: "open", waitMs: 300 }).filter(({ name }) =>
      [
        "answers 200 and whether a session can be created",
        "HEAD is answered without a body, or refused, and the connection goes on",
        "reads JSON that is sent without a Content-Type",
      ].includes(name),
    );
    assert.equal(checks.length, 3);
    for (const { run } of checks) await assert.rejects(run(), says);
    server.close();
  });
}

test("a target that contradicts itself is refused", () => {
  const baseUrl = "http://127.0.0.1:1";
  assert.throws(() => httpChecks({ baseUrl, mode: "authenticated" }), TypeError);
  assert.throws(() => httpChecks({ baseUrl, mode: "open", accessToken: "x" }), TypeError);
  assert.throws(() => httpChecks({ baseUrl, mode: "open", sessionTtlMs: 300_000 }), TypeError);
});

test("no two checks have one name", () => {
  for (const mode of ["off", "open"] as const) {
    const names = httpChecks({ baseUrl: "http://127.0.0.1:1", mode }).map(({ group, name }) => `${group}: ${name}`);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  }
});
