/**
 * What every rendezvous store must pass, written once for all runtimes and test runners.
 *
 * @module
 */
export { type Answer, answerOf, bytesOf, textOf } from "./answer.ts";
export { History } from "./history.ts";
export { linearize, type Sequential, type Timed, type Verdict } from "./linearizability.ts";
export type { ModelSession, SessionRequest } from "./model/session.ts";
export type { PropertyOptions } from "./property.ts";
export type { Runtime, Test } from "./runner.ts";
export {
  assertLinearizable,
  type Observed,
  type SessionOperation,
  type SessionState,
  sessionRules,
} from "./session-rules.ts";
export { type Check, storeContract } from "./store-contract.ts";
export { storeModel } from "./store-model.ts";
export { storeRaces } from "./store-races.ts";
export { type Skip, type StoreTestsOptions, storeTests } from "./store-tests.ts";
export { type Handles, memoryUnderTest, type Sandbox, type StoreUnderTest, withHandles } from "./store-under-test.ts";
