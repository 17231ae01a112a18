/**
 * The conformance kit: holds any rendezvous server, of whatever language, against the texts that it implements.
 *
 * @module
 */
export type { Level, Mode, Prefix } from "../http/check.ts";
export { type ConformanceCheck, LEVELS, type Version } from "./catalogue.ts";
export { conformanceCommand } from "./command.ts";
export { junit } from "./junit.ts";
export { conforms, type Found, type Report, type Result } from "./report.ts";
export { type ConformanceOptions, runConformance, selected } from "./run.ts";
export { tap } from "./tap.ts";
export { list, text } from "./text.ts";
