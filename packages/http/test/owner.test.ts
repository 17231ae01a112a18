import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { clientNetwork } from "../src/owner.ts";

test("an IPv4 address is its own network, also through an IPv6 socket", () => {
  assert.equal(clientNetwork("192.0.2.7"), "network:192.0.2.7");
  assert.equal(clientNetwork("::ffff:192.0.2.7"), "network:192.0.2.7");
});

test("an IPv6 address counts as its /64", () => {
  const network = clientNetwork("2001:db8:1:2:3:4:5:6");
  assert.equal(network, "network:2001:db8:1:2::/64");
  assert.equal(clientNetwork("2001:db8:1:2::ffff"), network);
  assert.equal(clientNetwork("2001:0db8:0001:0002:0:0:0:1"), network);
  assert.notEqual(clientNetwork("2001:db8:1:3::1"), network);
});

test("what is no address is one network for all", () => {
  for (const address of [undefined, "", "unknown", "192.0.2.7.9", "/tmp/socket"]) {
    assert.equal(clientNetwork(address), "network:unknown");
  }
});
