/**
 * What the programs that serve the rendezvous API have in common: flags, variables and the configuration file, stores by
 * URL, checking access tokens, logs, metrics and health. A program adds its public listener, and options of its own.
 *
 * @module
 */
export { createApplication, type Situation } from "./application.ts";
export { boundsOf } from "./bounds.ts";
export { type Configured, configure } from "./config/config.ts";
export type { Environment } from "./config/environment.ts";
export { type Flags, readFlags } from "./config/flags.ts";
export type { Given, Source } from "./config/given.ts";
export type { DescribedCommand } from "./config/help.ts";
export type { Option, OptionsOf, OptionTable } from "./config/option.ts";
export { type Config, OPTIONS } from "./config/options.ts";
export { configurationPage } from "./config/page.ts";
export { masked } from "./config/secrets.ts";
export { duration, httpUrl, integer, type Rate, text, toggle } from "./config/values.ts";
export { startFailure } from "./failure.ts";
export type { Logger } from "./log.ts";
export type { Endings } from "./ops/endings.ts";
export type { Metrics } from "./ops/metrics.ts";
export type { Parts } from "./parts.ts";
export { type Command, type Program, run } from "./run.ts";
export { adapter, type Serve } from "./runtime.ts";
export type { Ending, Front, Listen } from "./start.ts";
export { urlOf } from "./url.ts";
