/**
 * Says why sign-in with a QR code does not show up on a Matrix homeserver: does what clients do, step by step, and names
 * what goes wrong and what to change.
 *
 * @module
 */
export { doctorCommand } from "./command.ts";
export type { Diagnosis } from "./diagnoses/diagnosis.ts";
export type { HomeserverName } from "./diagnoses/homeserver.ts";
export type { NetworkName } from "./diagnoses/network.ts";
export type { TimeName } from "./diagnoses/time.ts";
export type { TlsName } from "./diagnoses/tls.ts";
export type { Name2024 } from "./diagnoses/version-2024.ts";
export type { Name2025 } from "./diagnoses/version-2025.ts";
export type { WebName } from "./diagnoses/web.ts";
export { DIAGNOSES, type DiagnosisName } from "./diagnoses.ts";
export { type ExamineOptions, examine } from "./examine.ts";
export type { Failure, TlsFailure } from "./failure.ts";
export { printed } from "./print.ts";
export {
  type Effect,
  type Finding,
  type Report,
  ROUTES,
  type Route,
  type StepReport,
  type Verdict,
} from "./report.ts";
export type { Limits } from "./wire.ts";
