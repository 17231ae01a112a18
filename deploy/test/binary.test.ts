import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import { afterAll } from "vitest";
import { SERVER_OPTIONS } from "../../apps/server/src/options.ts";
import { listening, type Program, type ServerProcess, start } from "../../apps/server/test/server-process.ts";
import { temporaryFolder } from "../../apps/server/test/temporary-folder.ts";
import { builtBinary } from "../binary/built.ts";
import { beginSessions, continueSessions } from "../sessions.ts";

const binary = builtBinary();
const empty = temporaryFolder();
afterAll(() => {
  binary.remove();
  empty.remove();
});

/** Starts it with nothing of this repository in reach: neither a folder, nor a program, nor a variable. */
const run = (...flags: string[]): Program => start(binary.path, flags, { cwd: empty.path, env: {} });
const serve = (...flags: string[]): Promise<ServerProcess> =>
  listening(run("--mode", "open", "--port", "0", ...flags), "bun");

test("it is one file, and says its version and its flags", async () => {
  assert.deepEqual(readdirSync(binary.folder), ["matrix-rendezvous"]);
  const version = run("--version");
  assert.equal(await version.ended, 0);
  const { version: expected } = JSON.parse(
    readFileSync(new URL("../../apps/server/package.json", import.meta.url), "utf8"),
  );
  assert.equal(version.stdout(), `${expected}\n`);
  const help = run("--help");
  assert.equal(await help.ended, 0);
  for (const name of Object.keys(SERVER_OPTIONS)) assert.match(help.stdout(), new RegExp(`--${name} `));
});

test("it keeps sessions of both versions in its file over a restart, and ends in order", async () => {
  const first = await serve();
  const begun = await beginSessions(first.url);
  assert.equal(await first.stop(), 0);
  assert.deepEqual(readdirSync(empty.path), ["data"]);
  const second = await serve();
  await continueSessions(second.url, begun);
  assert.equal(await second.stop(), 0);
  assert.equal(first.stderr() + second.stderr(), "");
});

test("it carries the playground's page", async () => {
  const server = await serve("--store", "memory:", "--playground");
  for (const name of ["", "page.js", "page-style.css", "icon.svg", "licences.txt"]) {
    const { status } = await fetch(`${server.url}/playground/${name}`);
    assert.equal(status, 200, name);
  }
  assert.equal(await server.stop(), 0);
});

test("it carries the doctor, which finds it well", async () => {
  const server = await serve("--store", "memory:");
  const doctor = run("doctor", "--rendezvous-only", server.url);
  assert.equal(await doctor.ended, 0, doctor.stdout());
  assert.equal(await server.stop(), 0);
});

test("what lies in the folder that it is started in does not decide what it runs", async () => {
  writeFileSync(join(empty.path, "preload.ts"), 'console.log("preloaded");');
  writeFileSync(join(empty.path, "bunfig.toml"), 'preload = ["./preload.ts"]');
  writeFileSync(join(empty.path, ".env"), "RENDEZVOUS_MODE=off\nRENDEZVOUS_NO_SUCH_OPTION=1\n");
  const server = await serve("--store", "memory:");
  assert.match(server.stdout(), /^matrix-rendezvous listens on .*mode open/);
  assert.equal(await server.stop(), 0);
});
