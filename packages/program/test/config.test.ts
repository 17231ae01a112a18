import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import { type Configured, configure } from "../src/config/config.ts";
import type { Environment } from "../src/config/environment.ts";
import { readFlags } from "../src/config/flags.ts";
import { type Config, OPTIONS } from "../src/config/options.ts";
import { masked } from "../src/config/secrets.ts";

const configured = (args: readonly string[], environment: Environment = {}): Configured<Config> =>
  configure(OPTIONS, readFlags(args, OPTIONS), environment);

function accepted(args: readonly string[], environment: Record<string, string> = {}): Config {
  const result = configured(args, environment);
  assert.ok(result.ok, JSON.stringify(result));
  return result.config;
}

function mistakes(args: readonly string[], environment: Record<string, string> = {}): readonly string[] {
  const result = configured(args, environment);
  assert.ok(!result.ok, "nothing was found wrong");
  return result.mistakes;
}

/** Runs `use` with the path of a configuration file. */
function withFile(text: string, use: (path: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "rendezvous-"));
  const path = join(folder, "config.yaml");
  writeFileSync(path, text);
  use(path);
  rmSync(folder, { recursive: true });
}

test("flags go before variables, and variables before the file", () => {
  withFile("mode: open\nport: 1\nhost: file\nstore: 'memory:'\n", (path) => {
    const environment = { RENDEZVOUS_CONFIG: path, RENDEZVOUS_PORT: "2", RENDEZVOUS_HOST: "variable" };
    const config = accepted(["--port", "3"], environment);
    assert.deepEqual(
      [config.port, config.host, config.store, config["max-sessions"]],
      [3, "variable", "memory:", 10_000],
    );
  });
});

test("a file takes Synapse's spellings: underscores, public, durations with a unit or in milliseconds", () => {
  withFile("mode: public\nsession_ttl: 2m\ntoken_cache: 5000\ntrust_proxy: [127.0.0.1, '10.0.0.0/8']\n", (path) => {
    const config = accepted(["--config", path]);
    assert.deepEqual([config.mode, config["session-ttl"], config["token-cache"]], ["public", 120_000, 5_000]);
    assert.deepEqual(config["trust-proxy"], ["127.0.0.1", "10.0.0.0/8"]);
  });
});

test("a rate is text, or two numbers in Synapse's words, or off", () => {
  const expected = { per_second: 0.5, burst_count: 10 };
  for (const text of ["rate_create: {per_second: 0.5, burst_count: 10}", "rate-create: 0.5:10"]) {
    withFile(`mode: open\n${text}\nrate_read: off\n`, (path) => {
      const config = accepted(["--config", path, "--rate-write", "3:4"]);
      assert.deepEqual([config["rate-create"], config["rate-read"]], [expected, "off"]);
      assert.deepEqual(config["rate-write"], { per_second: 3, burst_count: 4 });
    });
  }
});

test("a rate that is none is named", () => {
  const allowed =
    "give PER_SECOND:BURST such as 0.5:10, from 0.001 and from 1 to 1000000, or off; in the file also {per_second: 0.5, burst_count: 10}";
  for (const rate of ["0:1", "1:0", "1", "1:1.5", "1:2:3", "-1:1", "fast", "1:1000001", "on"]) {
    assert.deepEqual(mistakes(["--mode", "open", `--rate-read=${rate}`]), [
      `--rate-read cannot be ${JSON.stringify(rate)}: ${allowed}`,
    ]);
  }
  for (const rate of [
    { per_second: 1 },
    { per_second: 1, burst_count: 1, burst: 1 },
    { per_second: 0, burst_count: 1 },
  ]) {
    const text = JSON.stringify(rate);
    withFile(`mode: open\nrate_write: ${text}\n`, (path) =>
      assert.deepEqual(mistakes(["--config", path]), [`rate_write in ${path} cannot be ${text}: ${allowed}`]),
    );
  }
});

test("a switch is a flag alone, or true or false", () => {
  const stable = (args: string[], environment = {}): boolean =>
    accepted(["--mode", "open", ...args], environment)["stable-endpoint"];
  assert.equal(stable([]), false);
  assert.equal(stable(["--stable-endpoint"]), true);
  assert.equal(stable(["--stable-endpoint=false"], { RENDEZVOUS_STABLE_ENDPOINT: "true" }), false);
  assert.equal(stable([], { RENDEZVOUS_STABLE_ENDPOINT: "true" }), true);
});

test("an empty variable counts as not given", () => {
  assert.equal(accepted(["--mode", "open"], { RENDEZVOUS_PORT: "" }).port, 8080);
});

test("a file that is not there, and a variable that is unknown, are named", () => {
  assert.deepEqual(mistakes(["--mode", "open", "--config", "/nowhere.yaml"]), [
    "/nowhere.yaml cannot be the configuration: there is no such file",
  ]);
  assert.deepEqual(mistakes(["--mode", "open"], { RENDEZVOUS_MAX_SESIONS: "1" }), [
    "RENDEZVOUS_MAX_SESIONS is unknown: did you mean RENDEZVOUS_MAX_SESSIONS?",
  ]);
  assert.deepEqual(mistakes([], { RENDEZVOUS_MODE: "maybe" }), [
    'RENDEZVOUS_MODE cannot be "maybe": give off, authenticated or open',
  ]);
});

test("who listens on all addresses is warned that the 2024 version cannot name one of them", () => {
  const warnings = (...args: readonly string[]): readonly string[] => {
    const result = configured(["--mode", "open", ...args]);
    assert.ok(result.ok);
    return result.warnings;
  };
  assert.deepEqual(warnings("--host", "0.0.0.0"), [
    "--public-url is missing: sessions of the 2024 version are said to be at 0.0.0.0, where no device is",
  ]);
  assert.equal(warnings("--host", "::").length, 1);
  for (const more of [["--public-url", "https://rendezvous.example.org"], ["--no-msc4108"], ["--mode", "off"]]) {
    assert.deepEqual(warnings("--host", "0.0.0.0", ...more), []);
  }
  assert.deepEqual(warnings(), []);
});

test("a Service of Kubernetes that is called rendezvous configures nothing", () => {
  const links = {
    RENDEZVOUS_PORT: "tcp://10.0.0.1:8080",
    RENDEZVOUS_PORT_8080_TCP: "tcp://10.0.0.1:8080",
    RENDEZVOUS_PORT_8080_TCP_ADDR: "10.0.0.1",
    RENDEZVOUS_PORT_8080_TCP_PORT: "8080",
    RENDEZVOUS_PORT_8080_TCP_PROTO: "tcp",
    RENDEZVOUS_SERVICE_HOST: "10.0.0.1",
    RENDEZVOUS_SERVICE_PORT: "8080",
    RENDEZVOUS_SERVICE_PORT_HTTP: "8080",
  };
  const configured = accepted(["--mode", "open"], links);
  assert.deepEqual(configured, accepted(["--mode", "open"]));
});

test("a password is not taken from the command line, but from a variable", () => {
  const socket = "postgres:///db?host=/run/postgresql&password=secret";
  for (const store of ["redis://:secret@db.example.org", "unix:alice:secret@/run/redis.sock", socket]) {
    assert.deepEqual(mistakes(["--mode", "open", "--store", store]), [
      "--store shows its password to every user of this machine: give it in RENDEZVOUS_STORE, or in the file",
    ]);
    assert.ok(configured(["--mode", "open"], { RENDEZVOUS_STORE: store }).ok);
  }
});

test("a message about a URL does not repeat its password, however that is spelt", () => {
  for (const user of ["user:hunter2", "user:hun/ter2", "user:hun@ter2"]) {
    for (const sentence of mistakes(["--homeserver", `https://${user}@example.org`])) {
      assert.doesNotMatch(sentence, /hun/);
    }
  }
});

test("the configuration is shown without the store's password", () => {
  const shown = (store: string): string => masked({ ...accepted(["--mode", "open"]), store }).store;
  assert.equal(shown("redis://user:secret@db.example.org:6379/1"), "redis://user:***@db.example.org:6379/1");
  assert.equal(shown("rediss://:secret@db.example.org"), "rediss://:***@db.example.org");
  assert.equal(
    shown("postgres:///db?user=u&password=secret&host=/run"),
    "postgres:///db?user=u&password=***&host=/run",
  );
  assert.equal(shown("unix:alice:secret@/run/redis.sock"), "unix:alice:***@/run/redis.sock");
  for (const secret of ["not/escaped", "not?escaped", "not@escaped", "not:escaped"]) {
    assert.equal(shown(`redis://user:${secret}@db.example.org:6379/1`), "redis://user:***@db.example.org:6379/1");
  }
  for (const none of ["sqlite:./a:b@c.db", "unix:///run/a:b@c.sock", "postgres://host:5432/db?application_name=a@b"]) {
    assert.equal(shown(none), none);
  }
});
