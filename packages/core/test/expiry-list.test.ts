import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import { ExpiryList, type Place } from "../src/lib/expiry-list.ts";

interface Item {
  readonly name: number;
  readonly expiresAt: number;
}

/** Adds an item with that end, or removes one of those that are there. */
const step = fc.oneof(fc.record({ add: fc.nat(5) }), fc.record({ remove: fc.nat() }));

test("an expiry list is a sorted array, where whoever came first goes first of those that end together", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const list = new ExpiryList<Item>();
      let sorted: Place<Item>[] = [];
      for (const [name, step] of steps.entries()) {
        if ("add" in step) sorted.push(list.add({ name, expiresAt: step.add }));
        else if (sorted.length > 0)
          for (const place of sorted.splice(step.remove % sorted.length, 1)) list.remove(place);
        sorted = sorted.toSorted((left, right) => left.item.expiresAt - right.item.expiresAt);
        assert.equal(list.size, sorted.length);
        assert.equal(list.first, sorted[0]?.item);
      }
      for (const place of sorted) {
        assert.equal(list.first, place.item);
        list.remove(place);
      }
      assert.deepEqual([list.size, list.first], [0, undefined]);
    }),
    { numRuns: 300 },
  );
});

test("the places are linked in both directions", () => {
  const list = new ExpiryList<Item>();
  const [late, early, middle] = [30, 10, 20].map((expiresAt, name) => list.add({ name, expiresAt }));
  assert.deepEqual([early?.previous, early?.next], [undefined, middle]);
  assert.deepEqual([middle?.previous, middle?.next], [early, late]);
  assert.deepEqual([late?.previous, late?.next], [middle, undefined]);
});
