import assert from "node:assert/strict";
import { globSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { afterAll, inject } from "vitest";
import { listening, type Program, start } from "../../apps/server/test/server-process.ts";
import { create } from "../../apps/server/test/sessions.ts";
import { environment } from "../src/command.ts";

const home = mkdtempSync(join(tmpdir(), "commands-"));
afterAll(() => rmSync(home, { recursive: true }));
const env = await environment(home, inject("registry"));

/** How people start a command that they have not installed, and the runtime that it is then on. */
const WAYS: readonly (readonly [line: string, runtime: Runtime])[] = [
  ["npx --yes matrix-rendezvous", "node"],
  ["bunx --bun matrix-rendezvous", "bun"],
  ["bunx matrix-rendezvous", "node"],
  ["deno run -A npm:matrix-rendezvous", "deno"],
];

for (const [line, runtime] of WAYS) {
  test(`${line}: starts, answers, and ends at SIGTERM`, async () => {
    const code = await serve(line, runtime);
    // Between npx and the server is a shell, and npx says what became of itself: the next test sees the server's code.
    if (!line.startsWith("npx")) assert.equal(code, 0);
  });

  test(`${line}: says what it can do, and so does its doctor`, async () => {
    assert.match(await helpOf(line, []), /^Usage: matrix-rendezvous /);
    assert.match(await helpOf(line, ["doctor"]), /^Usage: .*doctor/);
  });
}

test("what npx installed, started without it, ends with 0 at SIGTERM", async () => {
  const [command = ""] = globSync(`${home}/.npm/_npx/*/node_modules/.bin/matrix-rendezvous`);
  assert.equal(await serve(command, "node"), 0);
});

test("npx @matrix-rendezvous/synapse-proxy: says what it can do", async () => {
  assert.match(await helpOf("npx --yes @matrix-rendezvous/synapse-proxy", []), /^Usage: matrix-rendezvous-proxy /);
});

/**
 * Starts the server, uses it, and ends it; gives the exit code, `null` where a signal ended it. That comes when nobody
 * holds the output any more: the server has ended, too.
 */
async function serve(line: string, runtime: Runtime): Promise<number | null> {
  const cwd = mkdtempSync(join(home, "folder-"));
  const program = begin(line, ["--mode", "open", "--port", "0", "--playground"], cwd);
  try {
    const server = await listening(program, runtime);
    assert.equal((await create(server.url, "hello")).id.length, 22);
    assert.equal((await fetch(`${server.url}/playground/`)).status, 200);
    assert.deepEqual(readdirSync(cwd), ["data"]);
  } finally {
    // npx passes no signal on: what a terminal does is needed, and tells all of the group. Who does pass it on would
    // have the server told twice.
    const { pid = 0 } = program.child;
    process.kill(line.startsWith("npx") ? -pid : pid, "SIGTERM");
  }
  return await program.ended;
}

function begin(line: string, flags: readonly string[], cwd: string): Program {
  const [command = "", ...args] = line.split(" ");
  // In a process group of its own.
  return start(command, [...args, ...flags], { cwd, env, detached: true });
}

async function helpOf(line: string, words: readonly string[]): Promise<string> {
  const program = begin(line, [...words, "--help"], home);
  assert.equal(await program.ended, 0, program.stderr());
  return program.stdout();
}
