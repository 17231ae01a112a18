import type { PropertyOptions } from "./property.ts";
import type { Test } from "./runner.ts";
import { type Check, storeContract } from "./store-contract.ts";
import { storeModel } from "./store-model.ts";
import { storeRaces } from "./store-races.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** A test that a store is let off, and why. */
export interface Skip {
  /** The test's name without the store's. */
  readonly test: string;
  /** Shown in the test's name. */
  readonly reason: string;
}

/** How a store is tested. `runs` and `seed` are those of the properties: the model and the races. */
export interface StoreTestsOptions extends PropertyOptions {
  /** Tests that this store is let off; an empty list and no list are the same. */
  readonly skip?: readonly Skip[];
}

/**
 * Registers everything that a store must pass.
 *
 * @throws Error where `skip` names a test that does not exist
 *
 * @example
 * ```ts
 * import { memoryUnderTest, storeTests } from "@matrix-rendezvous/testkit";
 * import { test } from "@matrix-rendezvous/testkit/runner";
 *
 * storeTests(test, memoryUnderTest);
 * ```
 */
export function storeTests(test: Test, store: StoreUnderTest, options: StoreTestsOptions = {}): void {
  const checks: readonly Check[] = [
    ...storeContract(store),
    ...storeModel(store, options),
    ...storeRaces(store, options),
  ];
  const reasons = new Map(options.skip?.map((skip) => [skip.test, skip.reason]));
  for (const { name, run } of checks) {
    const reason = reasons.get(name);
    if (reason === undefined) test(`${store.name}: ${name}`, run);
    else test.skip(`${store.name}: ${name} (${reason})`);
    reasons.delete(name);
  }
  for (const name of reasons.keys()) throw new Error(`skip names a test that does not exist: ${name}`);
}
