import assert from "node:assert/strict";
import { type Check, type StoreUnderTest, storeContract, storeModel, storeRaces } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { type Mutant, mutated, replicated } from "./store-mutant.ts";
import { admission } from "./store-mutants/admission.ts";
import { lifetimes } from "./store-mutants/lifetimes.ts";
import { storing } from "./store-mutants/storing.ts";
import { writing } from "./store-mutants/writing.ts";

/** Enough for every mutant with this seed: whether a fault is found must not change from run to run. */
const OPTIONS = { runs: 500, seed: 20_261_123 };
const sound = { fault: () => ({}) };

for (const store of [mutated("a sound store", sound), replicated("a sound store with several handles", sound)]) {
  test(`${store.name} passes`, async () => {
    const checks = [...storeContract(store), ...storeModel(store, OPTIONS), ...storeRaces(store, OPTIONS)];
    assert.deepEqual(await failing(checks), []);
  });
}

for (const [name, mutant] of Object.entries({ ...writing, ...lifetimes, ...admission, ...storing })) {
  test(`a store where ${name} is caught`, () => assertCaught(mutated(name, mutant), mutant));
}

const caches: Mutant = {
  rule: "what one handle did, every other handle sees",
  also: ["model", "races"],
  fault: (sound) => {
    const seen = new Map<string, Awaited<ReturnType<typeof sound.read>>>();
    return {
      read: async (id, now) => {
        const outcome = seen.get(id) ?? (await sound.read(id, now));
        seen.set(id, outcome);
        return outcome;
      },
    };
  },
};

test("a store whose handles remember what they read is caught", () =>
  assertCaught(replicated("a store that caches", caches), caches));

async function assertCaught(store: StoreUnderTest, { rule, also }: Mutant): Promise<void> {
  assert.deepEqual(
    await failing(storeContract(store).filter(({ name }) => name === rule)),
    [rule],
    "the rule missed it",
  );
  if (also.includes("model")) assert.notDeepEqual(await failing(storeModel(store, OPTIONS)), [], "the model missed it");
  if (also.includes("races")) assert.notDeepEqual(await failing(storeRaces(store, OPTIONS)), [], "the races missed it");
}

async function failing(checks: readonly Check[]): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of checks) await run().catch(() => names.push(name));
  return names;
}
