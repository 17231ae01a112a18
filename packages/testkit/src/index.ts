/**
 * What every rendezvous store must pass, written once for all runtimes and test runners.
 *
 * @module
 */
export { type Answer, answerOf, bytesOf, textOf } from "./answer.ts";
export type { Runtime, Test } from "./runner.ts";
export { type Check, storeContract } from "./store-contract.ts";
export { type Skip, type StoreTestsOptions, storeTests } from "./store-tests.ts";
export { type Handles, memoryUnderTest, type Sandbox, type StoreUnderTest, withHandles } from "./store-under-test.ts";
