import assert from "node:assert/strict";
import { globSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { afterAll, inject } from "vitest";
import { startHomeserver } from "../../apps/server/test/homeserver.ts";
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

const PROXY = "@matrix-rendezvous/synapse-proxy";

const homeserver = await startHomeserver(new Map([["good", "@alice:example.org"]]));
afterAll(homeserver.stop);

for (const [line, runtime] of WAYS) {
  test(`${line}: starts, answers, and ends at SIGTERM`, async () => {
    await serveOpenly(line, runtime);
  });

  test(`${line}: says what it can do, and so does its doctor`, async () => {
    assert.match(await helpOf(line, []), /^Usage: matrix-rendezvous /);
    assert.match(await helpOf(line, ["doctor"]), /^Usage: .*doctor/);
  });

  const proxyLine = line.replace("matrix-rendezvous", PROXY);
  test(`${proxyLine}: starts, answers, has the homeserver answer the rest, and ends at SIGTERM`, async () => {
    await serveInFront(proxyLine, runtime);
  });
}

test("what npx installed, started without it, ends with 0 at SIGTERM", async () => {
  const installed = (name: string): string => globSync(`${home}/.npm/_npx/*/node_modules/.bin/${name}`)[0] ?? "";
  await serveOpenly(installed("matrix-rendezvous"), "node");
  await serveInFront(installed("matrix-rendezvous-proxy"), "node");
});

test(`npx ${PROXY}: says what it can do`, async () => {
  assert.match(await helpOf(`npx --yes ${PROXY}`, []), /^Usage: matrix-rendezvous-proxy /);
});

async function serveOpenly(line: string, runtime: Runtime): Promise<void> {
  await serve(line, ["--mode", "open", "--playground"], runtime, async (url) => {
    assert.equal((await create(url, "hello")).id.length, 22);
    assert.equal((await fetch(`${url}/playground/`)).status, 200);
  });
}

/** The same for the proxy, in front of the homeserver. */
async function serveInFront(line: string, runtime: Runtime): Promise<void> {
  await serve(line, ["--homeserver", homeserver.url], runtime, async (url) => {
    const headers = { Authorization: "Bearer good" };
    const rendezvous = `${url}/_matrix/client/unstable/io.element.msc4388/rendezvous`;
    const created = await fetch(rendezvous, { method: "POST", body: '{"data":"hello"}', headers });
    const { id } = (await created.json()) as { id?: string };
    assert.equal(id?.length, 22);
    const whoami = await fetch(`${url}/_matrix/client/v3/account/whoami`, { headers });
    assert.deepEqual(await whoami.json(), { user_id: "@alice:example.org" });
  });
}

/** Starts a server, uses it, and ends it: when nobody holds its output any more, it has ended, too. */
async function serve(
  line: string,
  flags: readonly string[],
  runtime: Runtime,
  use: (url: string) => Promise<void>,
): Promise<void> {
  const cwd = mkdtempSync(join(home, "folder-"));
  const program = begin(line, ["--port", "0", ...flags], cwd);
  try {
    await use((await listening(program, runtime)).url);
    assert.deepEqual(readdirSync(cwd), ["data"]);
  } finally {
    // npx passes no signal on: what a terminal does is needed, and tells all of the group. Who does pass it on would
    // have the server told twice.
    const { pid = 0 } = program.child;
    process.kill(line.startsWith("npx") ? -pid : pid, "SIGTERM");
  }
  const code = await program.ended;
  // Between npx and the server is a shell, and npx says what became of itself: another test sees the server's code.
  if (!line.startsWith("npx")) assert.equal(code, 0);
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
