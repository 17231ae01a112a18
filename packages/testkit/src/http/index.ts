/**
 * Black-box checks of a rendezvous server over HTTP: they need its base URL, and nothing else of it.
 *
 * @module
 */
export type { Courtesy, HttpTarget, Level, Mode, Prefix } from "./check.ts";
export type { Group } from "./groups.ts";
export { type Deviation, type HttpCheck, httpChecks, registerHttpChecks, type Selection } from "./suite.ts";
