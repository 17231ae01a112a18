/** The command `conformance`, run as one runs it, on each runtime, against a server of that runtime. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { startHomeserver } from "./homeserver.ts";
import { RUNTIMES, run, startServer } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const ACCESS_TOKEN = "syt_of_alice";
const ROOM = ["--store", "memory:", "--max-sessions", "100000", "--max-sessions-per-owner", "100000"];

/** What the HTTP layers of these do by themselves; the suite that drives the server has the reason. */
const OWN_DEVIATIONS: Readonly<Record<Runtime, readonly string[]>> = {
  node: [],
  bun: ["2025.uploads.endless"],
  deno: ["2025.uploads.endless"],
};

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function conformance(runtime: Runtime, ...words: readonly string[]): Promise<Outcome> {
  const program = run(runtime, ["conformance", ...words]);
  const code = await program.ended;
  return { code, stdout: program.stdout(), stderr: program.stderr() };
}

async function withServer<Result>(flags: readonly string[], ask: (url: string) => Promise<Result>): Promise<Result> {
  const server = await startServer("node", [...ROOM, ...flags]);
  try {
    return await ask(server.url);
  } finally {
    await server.stop();
  }
}

const failuresIn = (stdout: string): string[] =>
  [...stdout.matchAll(/^(?:FAIL|miss) {2}(\S+)/gm)].map(([, id]) => id ?? "");

for (const runtime of RUNTIMES) {
  const folder = temporaryFolder();
  const tokenFile = `${folder.path}/token`;
  writeFileSync(tokenFile, `${ACCESS_TOKEN}\n`);
  const homeserver = await startHomeserver(new Map([[ACCESS_TOKEN, "@alice:example.org"]]));
  const [open, closed] = await Promise.all([
    startServer(runtime, [...ROOM, "--stable-endpoint", "--ops-port", "0"]),
    startServer(runtime, [...ROOM, "--mode", "authenticated", "--homeserver", homeserver.url]),
  ]);

  test(`${runtime}: everything passes, must, should and clients`, async () => {
    const { code, stdout, stderr } = await conformance(runtime, open.url, "--level", "clients");
    assert.deepEqual([code, stderr, failuresIn(stdout)], [0, "", []]);
    assert.match(
      stdout,
      /\n\d+ checks: \d+ passed, \d+ skipped; \d+ requests\.\nThe server keeps to what was asked for/,
    );
    for (const line of stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.ok(!stdout.includes("\u001b"), "colour without a terminal");
    assert.match(await (await fetch(`${open.opsUrl}/metrics`)).text(), /^rendezvous_sessions 0$/m);
  });

  test(`${runtime}: what is this project's own is checked if it is asked for`, async () => {
    const { code, stdout } = await conformance(runtime, open.url, "--level", "own");
    assert.deepEqual(failuresIn(stdout), OWN_DEVIATIONS[runtime]);
    assert.equal(code, OWN_DEVIATIONS[runtime].length === 0 ? 0 : 1);
  });

  test(`${runtime}: with an access token a server is checked that asks for one`, async () => {
    const section = ["--section", "authenticated", "--section", "Expiry", "--path", "unstable"];
    const { code, stdout } = await conformance(runtime, closed.url, "--access-token-file", tokenFile, ...section);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^2025 version \(MSC4388\), unstable path, authenticated to create$/m);
    assert.match(stdout, /^ {2}authenticated {3}5 passed, 1 skipped$/m);
    assert.ok(!stdout.includes(ACCESS_TOKEN));
  });

  test(`${runtime}: a report is written for programs, and told to people`, async () => {
    const file = `${folder.path}/report.xml`;
    const written = ["--output", "junit", "--output-file", file, "--section", "ETags", "--level", "should"];
    const { code, stdout } = await conformance(runtime, open.url, ...written);
    assert.equal(code, 0);
    assert.match(stdout, /^2 checks: 2 passed; \d+ requests\.$/m);
    assert.match(
      readFileSync(file, "utf8"),
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites .* tests="2" failures="0"/,
    );
  });

  test(`${runtime}: the servers end with 0`, async () => {
    assert.deepEqual(await Promise.all([open.stop(), closed.stop()]), [0, 0]);
    homeserver.stop();
    folder.remove();
  });
}

test("the end of sessions is waited for, if that is asked for", async () => {
  const words = ["--section", "expiry.over", "--wait-for-expiry"];
  const { code, stdout } = await withServer(["--session-ttl", "1s"], (url) => conformance("node", url, ...words));
  assert.equal(code, 0, stdout);
  assert.match(stdout, /^4 checks: 4 passed; /m);
});

test("without an access token a server that asks for one is not checked", async () => {
  const { code, stdout } = await withServer(["--mode", "authenticated", "--homeserver", "http://127.0.0.1:9"], (url) =>
    conformance("node", url, "--version", "2025"),
  );
  assert.equal(code, 1);
  assert.match(stdout, /creating a session takes an access token, and none was given/);
});

test("TAP goes to the standard output", async () => {
  const { stdout } = await withServer([], (url) => conformance("node", url, "--output", "tap", "--section", "ETags"));
  assert.match(stdout, /^TAP version 14\n1\.\.2\nok 1 - 2024\.served .*\nok 2 - 2024\.write\.etag-changes .*\n$/);
});

test("what can't be meant is wrong usage", async () => {
  for (const [words, says] of [
    [[], /give one URL/],
    [["example.org"], /give one URL/],
    [["https://example.org/?x=1"], /a base URL is origin and path/],
    [["https://example.org", "--level", "most"], /--level is one of must, should, clients, own, not "most"/],
    [["https://example.org", "--section", "Nowhere"], /no check has that/],
    [["https://example.org", "--access-token-file", "/nowhere"], /there is no access token in /],
  ] as const) {
    const { code, stdout, stderr } = await conformance("node", ...words);
    assert.deepEqual([code, stdout], [2, ""], words.join(" "));
    assert.match(stderr, says);
  }
});

test("the checks are listed, each with its level and its section", async () => {
  const { code, stdout } = await conformance("node", "--list", "--version", "2024", "--section", "ETags");
  const page = readFileSync(new URL("../../../docs/conformance.md", import.meta.url), "utf8");
  const shown = /^```text\n(should .*?)```/ms.exec(page)?.[1] ?? "nothing is shown";
  assert.ok(stdout.includes(shown), stdout);
  assert.equal(code, 0);
  assert.match(stdout, /^must {4}2024\.served$/m);
  assert.match(stdout, /^should {2}2024\.write\.etag-changes\n {6}write: changes .*\n {6}MSC4108 of 2024 "ETags"$/m);
});
