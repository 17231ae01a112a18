import assert from "node:assert/strict";
import { configure } from "../src/config/config.ts";
import type { Environment } from "../src/config/environment.ts";
import { readFlags } from "../src/config/flags.ts";
import { OPTIONS } from "../src/config/options.ts";

// What is allowed, as the messages say it.
export const CACHE = "a duration from 0 to 10m, such as 30s; a number is milliseconds";
export const CONNECTIONS = "an integer from 0 to 1000000, 0 for as many as the system allows; on Bun and Deno, 0";
export const COUNT = "an integer from 1 to 1000000000";
export const HOMESERVER =
  "the homeserver's base URL, such as https://matrix.example.org, with neither query nor password";
export const HOST = "a host name or an address of this machine";
export const LEVEL = "error, warn, info or debug";
export const MODE = "off, authenticated or open";
export const NETWORKS = "addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8";
export const PORT = "an integer from 0 to 65535, 0 for any free port";
export const PUBLIC = "an http or https URL such as https://rendezvous.example.org, with neither query nor password";
export const STORE =
  "memory:, sqlite:PATH, redis://…, redis+cluster://…, unix:PATH (Redis), postgres://… or deno-kv:PATH";
export const RATE =
  "PER_SECOND:BURST such as 0.5:10, from 0.001 and from 1 to 1000000, or off; in the file also {per_second: 0.5, burst_count: 10}";
export const SWITCH = "true or false; the flag alone means true";
export const TTL = "a duration from 1s to 24h, such as 300s or 5m; a number is milliseconds";

export function assertMistakes(flags: readonly string[], environment: Environment, messages: readonly string[]): void {
  const result = configure(OPTIONS, readFlags(flags, OPTIONS), environment);
  const wrong = `${flags.join(" ")} ${JSON.stringify(environment)}`;
  assert.ok(!result.ok, `nothing was found wrong with ${wrong}`);
  assert.deepEqual(result.mistakes, messages, wrong);
}
