import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { secureRandomBytes } from "../src/random.ts";

test("random bytes are as many as were asked for, and none is given twice", () => {
  const randomBytes = secureRandomBytes();
  // Of 16 bytes each, with odd lengths between them that move them over the pool's end; equal ones do not come by chance.
  const seen = new Set<string>();
  for (let count = 0; count < 2_000; count += 1) {
    assert.equal(randomBytes(count % 23).length, count % 23);
    seen.add(String(randomBytes(16)));
  }
  assert.equal(seen.size, 2_000);
});

test("what was given does not change afterwards, and is nobody else's", () => {
  const randomBytes = secureRandomBytes();
  const first = randomBytes(16);
  const before = String(first);
  for (let count = 0; count < 1_000; count += 1) randomBytes(16).fill(0);
  assert.equal(String(first), before);
});

test("more than the pool holds is refused", () => {
  assert.throws(() => secureRandomBytes()(4097), RangeError);
});
