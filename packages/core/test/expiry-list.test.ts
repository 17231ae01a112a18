import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import fc from "fast-check";
import { type Expiring, ExpiryList } from "../src/lib/expiry-list.ts";

function item(expiresAt: number): Expiring {
  const [allPrevious, allNext, ownedPrevious, ownedNext] = [undefined, undefined, undefined, undefined];
  return { expiresAt, allPrevious, allNext, ownedPrevious, ownedNext };
}

/** A list, and the sorted array that it must equal. */
class Pair {
  readonly #list: ExpiryList<Expiring>;
  #sorted: Expiring[] = [];

  constructor(links: "all" | "owned") {
    this.#list = new ExpiryList(links);
  }

  add(item: Expiring): void {
    this.#list.add(item);
    // Sorting keeps the order of those that end together: whoever came first goes first.
    this.#sorted = [...this.#sorted, item].sort((left, right) => left.expiresAt - right.expiresAt);
    this.#compare();
  }

  remove(item: Expiring): void {
    if (!this.#sorted.includes(item)) return;
    this.#list.remove(item);
    this.#sorted = this.#sorted.filter((other) => other !== item);
    this.#compare();
  }

  removeAll(): void {
    for (const item of this.#sorted) this.remove(item);
  }

  #compare(): void {
    assert.equal(this.#list.size, this.#sorted.length);
    assert.equal(this.#list.first, this.#sorted[0]);
  }
}

/** Adds an item with that end to the list of all and to one owner's, or removes one of those that were added. */
const step = fc.oneof(fc.record({ add: fc.nat(5), owner: fc.nat(2) }), fc.record({ remove: fc.nat() }));

test("an expiry list is a sorted array, and an item is in two lists at once", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const all = new Pair("all");
      const owners = [new Pair("owned"), new Pair("owned"), new Pair("owned")];
      const items: Expiring[] = [];
      for (const step of steps) {
        if ("add" in step) {
          const added = item(step.add);
          items.push(added);
          all.add(added);
          owners[step.owner]?.add(added);
        } else {
          const removed = items[step.remove % items.length];
          for (const pair of [all, ...owners]) if (removed !== undefined) pair.remove(removed);
        }
      }
      for (const pair of [all, ...owners]) pair.removeAll();
    }),
    { numRuns: 300 },
  );
});
