/**
 * Says why sign-in with a QR code does not show up on a Matrix homeserver: does what clients do, step by step, and names
 * what goes wrong and what to change.
 *
 * @module
 */
export { doctorCommand } from "./command.ts";
export type { Diagnosis } from "./diagnoses/diagnosis.ts";
export { DIAGNOSES, type DiagnosisName } from "./diagnoses.ts";
export { type ExamineOptions, examine } from "./examine.ts";
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
