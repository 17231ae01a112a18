/**
 * The Matrix rendezvous session: its state machine, the contract of a store, a store in memory, and the service that
 * joins them. No HTTP, no runtime, no dependency.
 *
 * @module
 */
export { Watchers } from "./lib/watchers.ts";
export { memoryStore } from "./memory-store.ts";
export {
  type CreatedSession,
  createRendezvous,
  isSequenceToken,
  type Rendezvous,
  type RendezvousError,
  type RendezvousOptions,
  type Result,
  type WriteRequest,
} from "./rendezvous.ts";
export {
  MAX_IDENTIFIER_LENGTH,
  MAX_PAYLOAD_BYTES,
  MAX_TRANSACTIONS,
  type Revision,
  type Session,
  type TransactionRecord,
} from "./session.ts";
export {
  type Admission,
  type CreateOutcome,
  type Full,
  type RendezvousStore,
  type StoreStats,
  StoreUnavailableError,
} from "./store.ts";
export {
  type Absent,
  type BirthOutcome,
  type CancelOutcome,
  type Command,
  type NewSession,
  type OutcomeOf,
  type ReadOutcome,
  type Transition,
  transition,
  type Write,
  type WriteOutcome,
} from "./transition.ts";
