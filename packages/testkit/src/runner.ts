/**
 * `test` of the runner that is running: vitest on Node, `bun test` on Bun, `Deno.test` on Deno, so that one test file
 * serves all three.
 *
 * @module
 */

import process from "node:process";

/** A test: its name and what it does; it fails by throwing. */
export type Test = (name: string, body: () => Promise<void> | void) => void;

export type Runtime = "node" | "bun" | "deno";

interface DenoTest {
  test(options: { name: string; sanitizeOps: boolean; sanitizeResources: boolean; fn: () => Promise<void> }): void;
}

/** How long one test may take, in milliseconds. */
const TIMEOUT_MS = 120_000;

/** The runtime that this code really runs on, told by what only that runtime has. */
export const runtime: Runtime = "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node";

// `bun run` of a program with a Node shebang starts Node: a run that is counted for a runtime must have been on it.
const expected = process.env["EXPECTED_RUNTIME"];
if (expected !== undefined && expected !== runtime)
  throw new Error(`these tests were to run on ${expected}, not ${runtime}`);

// Deno's sanitizers take what a store keeps open between tests (a connection pool, a child process) for a leak.
const onDeno: Test = (name, body) =>
  (globalThis as unknown as { Deno: DenoTest }).Deno.test({
    name,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => await body(),
  });

async function pick(): Promise<Test> {
  if (runtime === "deno") return onDeno;
  // The name is not a literal, so that neither a type checker nor a bundler goes looking for another runtime's module.
  const runner: string = runtime === "bun" ? "bun:test" : "vitest";
  const { test } = await import(runner);
  return (name, body) => test(name, body, TIMEOUT_MS);
}

export const test: Test = await pick();
