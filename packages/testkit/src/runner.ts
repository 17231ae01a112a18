/**
 * `test` of the runner that is running: vitest on Node, `bun test` on Bun, `Deno.test` on Deno, so that one test file
 * serves all three.
 *
 * @module
 */

import process from "node:process";

/** Registers a test: its name and what it does; it fails by throwing. */
export interface Test {
  (name: string, body: () => Promise<void> | void): void;
  /** Shows a test that does not run; the name says why. */
  skip(name: string): void;
}

/** A runtime that the tests run on. */
export type Runtime = "node" | "bun" | "deno";

interface DenoTest {
  test(options: {
    name: string;
    ignore: boolean;
    sanitizeOps: boolean;
    sanitizeResources: boolean;
    fn: () => Promise<void>;
  }): void;
}

/** How long one test may take, in milliseconds; the long form of the suite takes its time. */
const TIMEOUT_MS = Number(process.env["TEST_TIMEOUT_MS"] ?? 120_000);

/** The runtime that this code really runs on, told by what only that runtime has. */
export const runtime: Runtime = "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node";

// `bun run` of a program with a Node shebang starts Node: a run that is counted for a runtime must have been on it.
const expected = process.env["EXPECTED_RUNTIME"];
if (expected !== undefined && expected !== runtime)
  throw new Error(`these tests were to run on ${expected}, not ${runtime}`);
// Said to this process: what it starts may be of another runtime.
delete process.env["EXPECTED_RUNTIME"];

function onDeno(name: string, ignore: boolean, body: () => Promise<void> | void): void {
  (globalThis as unknown as { Deno: DenoTest }).Deno.test({
    name,
    ignore,
    // The sanitizers take what a store keeps open between tests (a connection pool, a child process) for a leak.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => await body(),
  });
}

async function pick(): Promise<Test> {
  if (runtime === "deno") {
    const run = (name: string, body: () => Promise<void> | void) => onDeno(name, false, body);
    return Object.assign(run, { skip: (name: string) => onDeno(name, true, () => {}) });
  }
  // The name is not a literal, so that neither a type checker nor a bundler goes looking for another runtime's module.
  const runner: string = runtime === "bun" ? "bun:test" : "vitest";
  const { test } = await import(runner);
  const run = (name: string, body: () => Promise<void> | void) => test(name, body, TIMEOUT_MS);
  return Object.assign(run, { skip: (name: string) => test.skip(name, () => {}) });
}

/**
 * The runner's `test`. Importing it fails on another runtime than the variable `EXPECTED_RUNTIME` names, where it is
 * set.
 */
export const test: Test = await pick();
