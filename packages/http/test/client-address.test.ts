import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { trustedProxies } from "../src/client-address.ts";

const PROXY = "10.0.0.1";
const resolve = trustedProxies(["10.0.0.0/8", "2001:db8:ffff::/48", "192.0.2.99"]);

const client = (xForwardedFor: string | undefined, forwarded?: string, peer: string | undefined = PROXY) => {
  const headers = new Headers();
  if (xForwardedFor !== undefined) headers.set("X-Forwarded-For", xForwardedFor);
  if (forwarded !== undefined) headers.set("Forwarded", forwarded);
  return resolve(headers, peer);
};

test("nobody is believed who is not listed", () => {
  assert.equal(client("1.2.3.4", "for=1.2.3.4", "198.51.100.7"), "198.51.100.7");
  assert.equal(trustedProxies([])(new Headers({ "X-Forwarded-For": "1.2.3.4" }), PROXY), PROXY);
  assert.equal(client("1.2.3.4", undefined, "unix"), "unix");
});

test("the client is the rightmost that is no trusted proxy", () => {
  assert.equal(client("1.2.3.4"), "1.2.3.4");
  assert.equal(client("6.6.6.6, 1.2.3.4"), "1.2.3.4");
  assert.equal(client("6.6.6.6, 1.2.3.4, 10.9.9.9"), "1.2.3.4");
  assert.equal(client("1.2.3.4", undefined, "192.0.2.99"), "1.2.3.4");
  assert.equal(client("10.0.0.2, 10.0.0.3"), "10.0.0.2");
  assert.equal(client("1.2.3.4", undefined, "::ffff:10.0.0.1"), "1.2.3.4");
});

test("ports, brackets and zones are not part of the address", () => {
  assert.equal(client("1.2.3.4:5678"), "1.2.3.4");
  assert.equal(client("[2001:db8::7]:443"), "2001:db8::7");
  assert.equal(client("2001:db8::7"), "2001:db8::7");
  assert.equal(client("fe80::1%eth0"), "fe80::1");
  assert.equal(client(undefined, 'for="[2001:db8::7]:443"'), "2001:db8::7");
  assert.equal(client(undefined, "for=6.6.6.6, for=1.2.3.4;proto=https;by=10.0.0.1"), "1.2.3.4");
});

test("garbage chooses nobody: the sender counts as the proxy that passed it on", () => {
  for (const hop of [
    "",
    "unknown",
    "_hidden",
    "1.2.3",
    "999.1.1.1",
    "1.2.3.4.5",
    "localhost",
    '"',
    "1.2.3.4 5.6.7.8",
  ]) {
    assert.equal(client(`6.6.6.6, ${hop}`), PROXY, hop);
    assert.equal(client(`${hop}, 10.0.0.2`), "10.0.0.2", hop);
  }
  assert.equal(client(undefined, "for=unknown"), PROXY);
  assert.equal(client(undefined, "nonsense;;=,"), PROXY);
});

test("two headers that disagree name nobody", () => {
  assert.equal(client("1.2.3.4", "for=6.6.6.6"), PROXY);
  assert.equal(client("1.2.3.4", "for=1.2.3.4"), "1.2.3.4");
  assert.equal(client("1.2.3.4", "garbage,,"), PROXY);
});

test("what is no network is refused at once", () => {
  for (const network of ["", "10.0.0.0/33", "example.org", "10.0.0.0/8,"]) {
    assert.throws(() => trustedProxies([network]), TypeError, network);
  }
});

test("the first peer that is not trusted and names another client is told, and no other", () => {
  const told: string[] = [];
  const tell = trustedProxies(["10.0.0.0/8"], (peer) => told.push(peer));
  const named = new Headers({ "X-Forwarded-For": "192.0.2.1" });
  assert.equal(tell(named, "10.0.0.1"), "192.0.2.1");
  assert.equal(tell(new Headers(), "198.51.100.1"), "198.51.100.1");
  assert.deepEqual(told, []);
  assert.equal(tell(named, "198.51.100.1"), "198.51.100.1");
  assert.equal(tell(new Headers({ Forwarded: "for=192.0.2.1" }), "198.51.100.2"), "198.51.100.2");
  assert.deepEqual(told, ["198.51.100.1"]);
});
