import assert from "node:assert/strict";
import { memoryUnderTest, type StoreTestsOptions, storeModel, storeTests, type Test } from "@matrix-rendezvous/testkit";
import { test } from "@matrix-rendezvous/testkit/runner";
import { mutated } from "./store-mutant.ts";
import { writing } from "./store-mutants/writing.ts";

const RULE = "a fresh store is empty";

test("a test that a store is let off is shown with the reason, and nothing else is left out", () => {
  const all = registered({});
  const some = registered({ skip: [{ test: RULE, reason: "it never is" }] });
  assert.deepEqual(all.skipped, []);
  assert.deepEqual(some.skipped, [`memory store: ${RULE} (it never is)`]);
  assert.deepEqual(
    some.run,
    all.run.filter((name) => name !== `memory store: ${RULE}`),
  );
});

test("letting a store off a test that does not exist is an error", () => {
  assert.throws(() => registered({ skip: [{ test: "gone", reason: "none" }] }), /does not exist: gone/);
});

test("a failing property tells its seed, and fails in the same way with it", async () => {
  const lossy = mutated("lossy", writing["a retry is a conflict"] ?? assert.fail());
  const failure = async (seed?: number) => {
    const [check] = storeModel(lossy, { runs: 1000, seed });
    return await check?.run().then(
      () => "",
      (error: Error) => error.message,
    );
  };
  const first = (await failure()) ?? "";
  const seed = Number(/seed: (-?\d+)/.exec(first)?.[1]);
  assert.equal(await failure(seed), first);
  assert.match(first, /Counterexample: .*write\(/);
});

function registered(options: StoreTestsOptions): { run: string[]; skipped: string[] } {
  const [run, skipped]: [string[], string[]] = [[], []];
  const test: Test = Object.assign((name: string) => void run.push(name), {
    skip: (name: string) => void skipped.push(name),
  });
  storeTests(test, memoryUnderTest, options);
  return { run, skipped };
}
