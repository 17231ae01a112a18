import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { type Client, clientTeller } from "../src/client.ts";
import { RUNTIMES } from "./proxy-process.ts";
import { endStage, openStage } from "./stage.ts";
import { valuesOf } from "./wire.ts";

/** The client of a request with these headers, that came from `peer`. */
function tell(trusted: readonly string[], peer: string | undefined, headers: IncomingMessage["headers"]): Client {
  return clientTeller(trusted)({ headers, socket: { remoteAddress: peer } } as IncomingMessage);
}

const CLAIMS = {
  host: "inner",
  "x-forwarded-for": "6.6.6.6, 203.0.113.9",
  "x-forwarded-proto": "https",
  "x-forwarded-host": "matrix.example.org",
};

test("without trust, the connection says who the client is", () => {
  const expected = { address: "203.0.113.1", proto: "http", host: "inner" };
  assert.deepEqual(tell([], "203.0.113.1", CLAIMS), expected);
  assert.deepEqual(tell(["10.0.0.0/8"], "203.0.113.1", CLAIMS), expected);
  assert.deepEqual(tell([], undefined, {}), { address: undefined, proto: "http", host: undefined });
});

test("a trusted proxy is believed, and only what it said itself", () => {
  const expected = { address: "203.0.113.9", proto: "https", host: "matrix.example.org" };
  assert.deepEqual(tell(["10.0.0.0/8"], "10.1.2.3", CLAIMS), expected);
  const two = { ...CLAIMS, "x-forwarded-for": "6.6.6.6, 203.0.113.9, 10.9.9.9", "x-forwarded-proto": "http, HTTPS" };
  assert.deepEqual(tell(["10.0.0.0/8"], "10.1.2.3", two), expected);
});

test("a trusted proxy that names no client is the client", () => {
  const expected = { address: "10.1.2.3", proto: "http", host: "inner" };
  assert.deepEqual(tell(["10.0.0.0/8"], "10.1.2.3", { host: "inner" }), expected);
  assert.equal(tell(["10.0.0.0/8"], "10.1.2.3", { "x-forwarded-for": "nonsense" }).address, "10.1.2.3");
});

test("an address of IPv4 is one on an IPv6 socket, too", () => {
  assert.equal(tell([], "::ffff:203.0.113.1", {}).address, "203.0.113.1");
  assert.equal(tell(["127.0.0.1"], "::ffff:127.0.0.1", CLAIMS).address, "203.0.113.9");
  assert.equal(tell([], "2001:db8::1", {}).address, "2001:db8::1");
});

for (const runtime of RUNTIMES) {
  const stage = await openStage(runtime, ["--mode", "open", "--trust-proxy", "127.0.0.0/8"]);

  test(`${runtime}: behind a trusted proxy, Synapse is told what that one says`, async () => {
    const { client, homeserver, request } = await stage.through(
      "GET /a HTTP/1.1\nHost: inner\nX-Forwarded-For: 6.6.6.6\nX-Forwarded-For: 203.0.113.9\nX-Forwarded-Proto: https\nX-Forwarded-Host: matrix.example.org\n\n",
    );
    assert.deepEqual(valuesOf(request, "X-Forwarded-For"), ["203.0.113.9"]);
    assert.deepEqual(valuesOf(request, "X-Forwarded-Proto"), ["https"]);
    assert.deepEqual(valuesOf(request, "X-Forwarded-Host"), ["matrix.example.org"]);
    assert.deepEqual(valuesOf(request, "Host"), ["inner"]);
    homeserver.write("HTTP/1.1 204 No Content\r\n\r\n");
    await client.head();
    stage.homeserver.expectOn(homeserver);
    client.socket.destroy();
  });

  test(`${runtime}: behind a trusted proxy, sessions count against the client that it names`, async () => {
    const create = async (address: string): Promise<number> => {
      const url = `${stage.proxy.url}/_matrix/client/unstable/io.element.msc4388/rendezvous`;
      const headers = { "X-Forwarded-For": address };
      return (await fetch(url, { method: "POST", headers, body: '{"data":""}' })).status;
    };
    for (let count = 0; count < 20; count += 1) assert.equal(await create("203.0.113.9"), 200);
    assert.equal(await create("203.0.113.9"), 429);
    assert.equal(await create("203.0.113.10"), 200);
  });

  endStage(runtime, stage);
}
