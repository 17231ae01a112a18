import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { configurationPage, startFailure } from "@matrix-rendezvous/program";
import { test } from "@matrix-rendezvous/testkit/runner";
import packageJson from "../package.json" with { type: "json" };
import { SERVER_OPTIONS } from "../src/options.ts";
import { listening, RUNTIMES, run, startServer } from "./server-process.ts";

const STORES = "memory:, sqlite:PATH, redis://…, redis+cluster://…, unix:PATH (Redis), postgres://… or deno-kv:PATH";

/** Flags that cannot work, and all that is said about them. */
const MISTAKES: readonly (readonly [flags: string, ...messages: string[]])[] = [
  ["", "--mode is missing: give off, authenticated or open"],
  ["--mode opn", '--mode cannot be "opn": give off, authenticated or open'],
  ["--mode", "--mode needs a value", "--mode is missing: give off, authenticated or open"],
  ["--mode open --prot 9000", "--prot is unknown: did you mean --port?"],
  ["--mode open --zzzzzzzz=1", "--zzzzzzzz is unknown: see --help"],
  ["--mode open -p 9000", "-p is unknown: see --help"],
  ["--mode open 9000", 'there is no command "9000": see --help'],
  ["--mode open --port 65536", '--port cannot be "65536": give an integer from 0 to 65535, 0 for any free port'],
  ["--mode open --port=-1", '--port cannot be "-1": give an integer from 0 to 65535, 0 for any free port'],
  ["--mode open --port 80.5", '--port cannot be "80.5": give an integer from 0 to 65535, 0 for any free port'],
  ["--mode open --store mysql://user:secret@x", `--store cannot be that: give ${STORES}`],
  ["--mode open --store sqlite:", `--store cannot be that: give ${STORES}`],
  [
    "--mode open --session-ttl 5d",
    '--session-ttl cannot be "5d": give a duration from 1s to 24h, such as 300s or 5m; a number is milliseconds',
  ],
  ["--mode open --max-sessions 0", '--max-sessions cannot be "0": give an integer from 1 to 1000000000'],
  [
    "--mode open --stable-endpoint=no",
    '--stable-endpoint cannot be "no": give true or false; the flag alone means true',
  ],
  [
    "--mode open --base-path matrix/",
    '--base-path cannot be "matrix/": give a path such as /matrix, with a slash in front and none at the end',
  ],
  [
    "--mode authenticated",
    '--mode cannot be "authenticated" alone: give --homeserver or --introspection-url to check access tokens',
  ],
  [
    "--homeserver example.org",
    '--homeserver cannot be "example.org": give the homeserver\'s base URL, such as https://matrix.example.org, with neither query nor password',
  ],
  [
    "--introspection-url https://auth.example.org/introspect",
    "--introspection-url needs --introspection-client-id and --introspection-client-secret-file as well",
  ],
  [
    "--mode open --trust-proxy 10.0.0.0/33",
    '--trust-proxy cannot be "10.0.0.0/33": give addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8',
  ],
  [
    "--mode open --token-cache 1h",
    '--token-cache cannot be "1h": give a duration from 0 to 10m, such as 30s; a number is milliseconds',
  ],
  [
    "--mode open --public-url rendezvous.example.org",
    '--public-url cannot be "rendezvous.example.org": give an http or https URL such as https://rendezvous.example.org, with neither query nor password',
  ],
  [
    "--mode open --store memory: --reuse-port",
    "--reuse-port cannot be true: each process would have a memory of its own: give a --store that they share",
  ],
  [
    "--prot 1 --port x --mode of",
    "--prot is unknown: did you mean --port?",
    '--port cannot be "x": give an integer from 0 to 65535, 0 for any free port',
    '--mode cannot be "of": give off, authenticated or open',
  ],
];

for (const runtime of RUNTIMES) {
  test(`${runtime}: every mistake on the command line is named, and the exit code is 2`, async () => {
    for (const [flags, ...messages] of MISTAKES) {
      const program = run(runtime, flags.split(" ").filter(Boolean));
      assert.equal(await program.ended, 2, flags);
      assert.deepEqual(
        program.stderr().trim().split("\n"),
        messages.map((message) => `matrix-rendezvous: ${message}`),
      );
      assert.equal(program.stdout(), "");
    }
  });

  test(`${runtime}: --version and --help answer and end`, async () => {
    const version = run(runtime, ["--version"]);
    assert.equal(await version.ended, 0);
    assert.equal(version.stdout(), `${packageJson.version}\n`);
    const help = run(runtime, ["--help"]);
    assert.equal(await help.ended, 0);
    for (const name of Object.keys(SERVER_OPTIONS)) assert.match(help.stdout(), new RegExp(`--${name} `));
  });

  test(`${runtime}: config print shows what would count, without the password, and config check whether it is right`, async () => {
    const environment = { RENDEZVOUS_STORE: "redis://user:swordfish@127.0.0.1:1", RENDEZVOUS_RATE_READ: "off" };
    const printed = run(runtime, ["config", "print", "--mode", "open", "--session-ttl", "5m"], environment);
    assert.equal(await printed.ended, 0);
    const lines = printed.stdout().split("\n");
    for (const line of ["mode: open", "session-ttl: 300000", "rate-read: off", "store: redis://user:***@127.0.0.1:1"]) {
      assert.ok(lines.includes(line), `${line} is not in ${printed.stdout()}`);
    }
    const right = run(runtime, ["config", "check", "--mode", "open"], environment);
    assert.deepEqual([await right.ended, right.stdout()], [0, "The configuration is right\n"]);
    const wrong = run(runtime, ["config", "check", "--mode", "opn"], environment);
    assert.deepEqual([await wrong.ended, wrong.stdout()], [2, ""]);
    assert.match(wrong.stderr(), /--mode cannot be "opn": give off, authenticated or open/);
  });

  test(`${runtime}: a port in use is one plain sentence, and names the flag that chose it`, async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    const { port } = await new Promise<{ port: number }>((resolve) =>
      taken.once("listening", () => resolve(taken.address() as { port: number })),
    );
    for (const [flag, ...rest] of [["--port"], ["--ops-port", "--port", "0"]] as const) {
      const program = run(runtime, ["--mode", "open", "--store", "memory:", flag, String(port), ...rest]);
      assert.equal(await program.ended, 1);
      assert.equal(
        program.stderr(),
        `matrix-rendezvous: Port ${port} on 127.0.0.1 is in use by another program: stop that, or choose another with ${flag}\n`,
      );
    }
    taken.close();
  });

  test(`${runtime}: an address that is not this machine's is one plain sentence`, async () => {
    const program = run(runtime, ["--mode", "open", "--store", "memory:", "--host", "192.0.2.1"]);
    assert.equal(await program.ended, 1);
    const sentence = "192.0.2.1 is not an address of this machine: choose one with --host";
    assert.equal(program.stderr(), `matrix-rendezvous: ${sentence}\n`);
  });

  test(`${runtime}: with a homeserver the mode is authenticated, unless it is said`, async () => {
    const flags = ["--port", "0", "--store", "memory:", "--homeserver", "http://127.0.0.1:1"];
    const server = await listening(run(runtime, flags), runtime);
    assert.match(server.stdout(), /mode authenticated/);
    const path = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
    assert.equal((await fetch(server.url + path)).status, 401);
    const unreachable = await fetch(server.url + path, { headers: { Authorization: "Bearer token" } });
    assert.equal(unreachable.status, 503);
    assert.equal(await server.stop(), 0);
  });

  test(`${runtime}: a file that is not there is named`, async () => {
    const flags =
      "--introspection-url http://127.0.0.1:1 --introspection-client-id x --introspection-client-secret-file";
    const program = run(runtime, [...flags.split(" "), "/nowhere/secret"]);
    assert.equal(await program.ended, 1);
    assert.equal(program.stderr(), "matrix-rendezvous: There is no file /nowhere/secret\n");
  });

  test(`${runtime}: a lifetime outside of what the MSC recommends is a warning`, async () => {
    const server = await startServer(runtime, ["--store", "memory:", "--session-ttl", "10m"]);
    assert.match(
      server.stderr(),
      /^Warning: --session-ttl is 600s, outside of the 120s to 300s that MSC4388 recommends$/m,
    );
    assert.equal(await server.stop(), 0);
  });
}

test("a port that is not permitted, and a host that is not known, are plain sentences", () => {
  const config = { host: "example.invalid", port: 80 } as Parameters<typeof startFailure>[1];
  const failure = (code: string): string => startFailure(Object.assign(new Error("raw"), { code }), config);
  assert.match(failure("EACCES"), /^No permission to listen on port 80 of example\.invalid: .*--port$/);
  assert.match(failure("ENOTFOUND"), /^The host name example\.invalid is not known: .*--host$/);
  assert.equal(failure("EOTHER"), "raw");
});

test("the page about the configuration is what the options say: npm run docs:config writes it", () => {
  const page = readFileSync(new URL("../../../docs/configuration.md", import.meta.url), "utf8");
  assert.equal(page, configurationPage(SERVER_OPTIONS));
});
