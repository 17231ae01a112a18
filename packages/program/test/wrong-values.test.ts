import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import { configure } from "../src/config/config.ts";
import type { Environment } from "../src/config/environment.ts";
import { readFlags } from "../src/config/flags.ts";
import { OPTIONS } from "../src/config/options.ts";

const CACHE = "a duration from 0 to 10m, such as 30s; a number is milliseconds";
const COUNT = "an integer from 1 to 1000000000";
const HOMESERVER = "the homeserver's base URL, such as https://matrix.example.org, with neither query nor password";
const HOST = "a host name or an address of this machine";
const LEVEL = "error, warn, info or debug";
const MODE = "off, authenticated or open";
const NETWORKS = "addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8";
const PORT = "an integer from 0 to 65535, 0 for any free port";
const PUBLIC = "an http or https URL such as https://rendezvous.example.org, with neither query nor password";
const STORE = "memory:, sqlite:PATH, redis://…, redis+cluster://…, unix:PATH (Redis), postgres://… or deno-kv:PATH";
const SWITCH = "true or false; the flag alone means true";
const TTL = "a duration from 1s to 24h, such as 300s or 5m; a number is milliseconds";

/** Flags that cannot work, and all that is said about them. */
const FLAGS: readonly (readonly [flags: string, ...messages: string[]])[] = [
  ["--mode open --host=", `--host cannot be "": give ${HOST}`],
  ["--mode open --host a/b", `--host cannot be "a/b": give ${HOST}`],
  ["--mode open --host http://localhost", `--host cannot be "http://localhost": give ${HOST}`],
  ["--mode open --port=", `--port cannot be "": give ${PORT}`],
  ["--mode open --port http", `--port cannot be "http": give ${PORT}`],
  ["--mode open --port 0x50", `--port cannot be "0x50": give ${PORT}`],
  ["--mode open --port 1e3", `--port cannot be "1e3": give ${PORT}`],
  ["--mode open --port +80", `--port cannot be "+80": give ${PORT}`],
  ["--mode open --port 99999999999999999999", `--port cannot be "99999999999999999999": give ${PORT}`],
  ["--mode=", `--mode cannot be "": give ${MODE}`],
  ["--mode Open", `--mode cannot be "Open": give ${MODE}`],
  ["--mode private", `--mode cannot be "private": give ${MODE}`],
  ["--mode --port", `--mode cannot be "--port": give ${MODE}`],
  ["--mode open,authenticated", `--mode cannot be "open,authenticated": give ${MODE}`],
  ["--mode open --store=", `--store cannot be that: give ${STORE}`],
  ["--mode open --store memory", `--store cannot be that: give ${STORE}`],
  ["--mode open --store ./rendezvous.db", `--store cannot be that: give ${STORE}`],
  ["--mode open --store redis:localhost", `--store cannot be that: give ${STORE}`],
  ["--mode open --store mysql://user:hunter2@db.example.org/x", `--store cannot be that: give ${STORE}`],
  ["--mode open --store redis://", `--store cannot be that: give ${STORE}`],
  ["--mode open --session-ttl=", `--session-ttl cannot be "": give ${TTL}`],
  ["--mode open --session-ttl 0", `--session-ttl cannot be "0": give ${TTL}`],
  ["--mode open --session-ttl=-5m", `--session-ttl cannot be "-5m": give ${TTL}`],
  ["--mode open --session-ttl 1.5m", `--session-ttl cannot be "1.5m": give ${TTL}`],
  ["--mode open --session-ttl 5M", `--session-ttl cannot be "5M": give ${TTL}`],
  ["--mode open --session-ttl 5min", `--session-ttl cannot be "5min": give ${TTL}`],
  ["--mode open --session-ttl 300", `--session-ttl cannot be "300": give ${TTL}`],
  ["--mode open --session-ttl 25h", `--session-ttl cannot be "25h": give ${TTL}`],
  ["--mode open --session-ttl five", `--session-ttl cannot be "five": give ${TTL}`],
  ["--mode open --max-sessions -1", `--max-sessions cannot be "-1": give ${COUNT}`],
  ["--mode open --max-sessions=-1", `--max-sessions cannot be "-1": give ${COUNT}`],
  ["--mode open --max-sessions 1000000001", `--max-sessions cannot be "1000000001": give ${COUNT}`],
  ["--mode open --max-sessions 10k", `--max-sessions cannot be "10k": give ${COUNT}`],
  ["--mode open --max-sessions unlimited", `--max-sessions cannot be "unlimited": give ${COUNT}`],
  ["--mode open --max-sessions-per-owner 0", `--max-sessions-per-owner cannot be "0": give ${COUNT}`],
  ["--mode open --max-sessions-per-owner 2.5", `--max-sessions-per-owner cannot be "2.5": give ${COUNT}`],
  ["--mode open --stable-endpoint=yes", `--stable-endpoint cannot be "yes": give ${SWITCH}`],
  ["--mode open --stable-endpoint=1", `--stable-endpoint cannot be "1": give ${SWITCH}`],
  ["--mode open --no-stable-endpoint", "--no-stable-endpoint is unknown: did you mean --stable-endpoint?"],
  ["--mode open --no-msc4108=off", `--no-msc4108 cannot be "off": give ${SWITCH}`],
  ["--mode open --stable-endpoint=", `--stable-endpoint cannot be "": give ${SWITCH}`],
  ["--mode open --public-url example.org", `--public-url cannot be "example.org": give ${PUBLIC}`],
  ["--mode open --public-url ftp://example.org", `--public-url cannot be "ftp://example.org": give ${PUBLIC}`],
  [
    "--mode open --public-url https://example.org/?a=b",
    `--public-url cannot be "https://example.org/?a=b": give ${PUBLIC}`,
  ],
  [
    "--mode open --public-url https://example.org/#x",
    `--public-url cannot be "https://example.org/#x": give ${PUBLIC}`,
  ],
  ["--mode open --public-url https://", `--public-url cannot be "https://": give ${PUBLIC}`],
  [
    "--mode open --public-url https://user:hunter2@example.org",
    `--public-url cannot be "https://***@example.org": give ${PUBLIC}`,
  ],
  ["--homeserver matrix.example.org", `--homeserver cannot be "matrix.example.org": give ${HOMESERVER}`],
  [
    "--homeserver https://user:hunter2@matrix.example.org",
    `--homeserver cannot be "https://***@matrix.example.org": give ${HOMESERVER}`,
  ],
  ["--homeserver=", `--homeserver cannot be "": give ${HOMESERVER}`],
  [
    "--homeserver https://matrix.example.org?x",
    `--homeserver cannot be "https://matrix.example.org?x": give ${HOMESERVER}`,
  ],
  [
    "--introspection-url auth.example.org",
    '--introspection-url cannot be "auth.example.org": give the URL of an OAuth 2.0 introspection endpoint, with neither query nor password',
    "--introspection-url needs --introspection-client-id and --introspection-client-secret-file as well",
  ],
  [
    "--introspection-url https://auth.example.org",
    "--introspection-url needs --introspection-client-id and --introspection-client-secret-file as well",
  ],
  [
    "--mode open --introspection-client-id me",
    "--introspection-client-id needs --introspection-url and --introspection-client-secret-file as well",
  ],
  [
    "--mode open --introspection-client-secret hunter2",
    "--introspection-client-secret is unknown: did you mean --introspection-client-secret-file?",
  ],
  [
    "--mode open --introspection-client-secret=hunter2",
    "--introspection-client-secret is unknown: did you mean --introspection-client-secret-file?",
  ],
  [
    "--introspection-url https://a.example.org --introspection-client-id= --introspection-client-secret-file=/x",
    '--introspection-client-id cannot be "": give the ID of a client that may introspect',
  ],
  [
    "--mode open --introspection-client-secret-file /x",
    "--introspection-client-secret-file needs --introspection-url and --introspection-client-id as well",
  ],
  [
    "--introspection-url https://a.example.org --introspection-client-secret-file=/x",
    "--introspection-url needs --introspection-client-id as well",
  ],
  ["--mode open --token-cache -1s", `--token-cache cannot be "-1s": give ${CACHE}`],
  ["--mode open --token-cache 11m", `--token-cache cannot be "11m": give ${CACHE}`],
  ["--mode open --token-cache forever", `--token-cache cannot be "forever": give ${CACHE}`],
  ["--mode open --trust-proxy proxy.example.org", `--trust-proxy cannot be "proxy.example.org": give ${NETWORKS}`],
  ["--mode open --trust-proxy 10.0.0.0/33", `--trust-proxy cannot be "10.0.0.0/33": give ${NETWORKS}`],
  ["--mode open --trust-proxy 10.0.0/8", `--trust-proxy cannot be "10.0.0/8": give ${NETWORKS}`],
  ["--mode open --trust-proxy ::1/129", `--trust-proxy cannot be "::1/129": give ${NETWORKS}`],
  ["--mode open --trust-proxy 127.0.0.1;10.0.0.1", `--trust-proxy cannot be "127.0.0.1;10.0.0.1": give ${NETWORKS}`],
  ["--mode open --trust-proxy *", `--trust-proxy cannot be "*": give ${NETWORKS}`],
  ["--mode open --trust-proxy 10.0.0.0/-1", `--trust-proxy cannot be "10.0.0.0/-1": give ${NETWORKS}`],
  ["--mode open --trust-proxy 127.0.0.1:80", `--trust-proxy cannot be "127.0.0.1:80": give ${NETWORKS}`],
  ["--mode open --when-full evict", '--when-full cannot be "evict": give reject or evict-oldest'],
  ["--mode open --when-full=", '--when-full cannot be "": give reject or evict-oldest'],
  ["--mode open --ops-port 65536", `--ops-port cannot be "65536": give ${PORT}`],
  ["--mode open --ops-port off", `--ops-port cannot be "off": give ${PORT}`],
  ["--mode open --port 8080 --ops-port 8080", "--ops-port cannot be 8080, which is the public port: give another"],
  [
    "--mode open --shutdown-delay 1h",
    '--shutdown-delay cannot be "1h": give a duration from 0 to 10m, such as 10s; a number is milliseconds',
  ],
  [
    "--mode open --shutdown-delay soon",
    '--shutdown-delay cannot be "soon": give a duration from 0 to 10m, such as 10s; a number is milliseconds',
  ],
  ["--mode open --log-level trace", `--log-level cannot be "trace": give ${LEVEL}`],
  ["--mode open --log-level INFO", `--log-level cannot be "INFO": give ${LEVEL}`],
  ["--mode open --log-format text", '--log-format cannot be "text": give pretty or json'],
  ["--mode open --ports 1", "--ports is unknown: did you mean --port?"],
  ["--mode open --Port 1", "--Port is unknown: did you mean --port?"],
  ["--mode open --max-session 1", "--max-session is unknown: did you mean --max-sessions?"],
  ["--mode open --session_ttl 5m", "--session_ttl is unknown: did you mean --session-ttl?"],
  ["--mode open --ttl 5m", "--ttl is unknown: did you mean --session-ttl?"],
  ["--mode open -m open", "-m is unknown: see --help"],
  ["--mode open --trust-proxies ::1", "--trust-proxies is unknown: did you mean --trust-proxy?"],
  ["--mode open --max 5", "--max is unknown: did you mean --max-sessions?"],
  ["--mode open --port", "--port needs a value"],
  ["--mode open --config", "--config needs a value"],
  [
    "--mode authenticated",
    '--mode cannot be "authenticated" alone: give --homeserver or --introspection-url to check access tokens',
  ],
  ["--mode open --config /nowhere.yaml", "/nowhere.yaml cannot be the configuration: there is no such file"],
  ["--mode open --config /", "/ cannot be the configuration: it cannot be read (EISDIR)"],
  ["--mode open --config=", '"" cannot be the configuration: there is no such file'],
];

/** Variables that cannot work, beside a mode unless that is one of them. */
const VARIABLES: readonly (readonly [variables: Record<string, string>, ...messages: string[]])[] = [
  [{ RENDEZVOUS_PORT: "eighty" }, `RENDEZVOUS_PORT cannot be "eighty": give ${PORT}`],
  [{ RENDEZVOUS_MODE: "yes" }, `RENDEZVOUS_MODE cannot be "yes": give ${MODE}`],
  [{ RENDEZVOUS_SESSION_TTL: "5 m" }, `RENDEZVOUS_SESSION_TTL cannot be "5 m": give ${TTL}`],
  [{ RENDEZVOUS_STABLE_ENDPOINT: "1" }, `RENDEZVOUS_STABLE_ENDPOINT cannot be "1": give ${SWITCH}`],
  [{ RENDEZVOUS_STORE: "mysql://u:hunter2@x" }, `RENDEZVOUS_STORE cannot be that: give ${STORE}`],
  [{ RENDEZVOUS_TRUST_PROXY: "10.0.0.0/8 ::1" }, `RENDEZVOUS_TRUST_PROXY cannot be "10.0.0.0/8 ::1": give ${NETWORKS}`],
  [{ RENDEZVOUS_MAX_SESIONS: "1" }, "RENDEZVOUS_MAX_SESIONS is unknown: did you mean RENDEZVOUS_MAX_SESSIONS?"],
  [{ RENDEZVOUS_session_ttl: "1" }, "RENDEZVOUS_session_ttl is unknown: did you mean RENDEZVOUS_SESSION_TTL?"],
  [
    { RENDEZVOUS_INTROSPECTION_CLIENT_SECRET: "hunter2" },
    "RENDEZVOUS_INTROSPECTION_CLIENT_SECRET is unknown: did you mean RENDEZVOUS_INTROSPECTION_CLIENT_SECRET_FILE?",
  ],
  [
    { RENDEZVOUS_MODE: "authenticated" },
    'RENDEZVOUS_MODE cannot be "authenticated" alone: give --homeserver or --introspection-url to check access tokens',
  ],
  [
    { RENDEZVOUS_INTROSPECTION_URL: "https://x.example.org" },
    "RENDEZVOUS_INTROSPECTION_URL needs --introspection-client-id and --introspection-client-secret-file as well",
  ],
  [{ RENDEZVOUS_CONFIG: "/nowhere.yaml" }, "/nowhere.yaml cannot be the configuration: there is no such file"],
  [{ RENDEZVOUS_: "x" }, "RENDEZVOUS_ is unknown: see --help"],
  [
    { RENDEZVOUS_PORT: "80", RENDEZVOUS_OPS_PORT: "80" },
    "RENDEZVOUS_OPS_PORT cannot be 80, which is the public port: give another",
  ],
  [{ RENDEZVOUS_PORT: " 80" }, `RENDEZVOUS_PORT cannot be " 80": give ${PORT}`],
];

/** Configuration files that cannot work. */
const FILES: readonly (readonly [text: string, ...messages: string[]])[] = [
  [
    "mode: [open",
    "FILE cannot be the configuration: it is not YAML: Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 12",
  ],
  ["- mode", "FILE cannot be the configuration: it is not a list of keys and values"],
  ["open", "FILE cannot be the configuration: it is not a list of keys and values"],
  ["mode: open\nprot: 1", "FILE: prot is unknown: did you mean port?"],
  ["mode: open\nsession-tll: 5m", "FILE: session-tll is unknown: did you mean session-ttl?"],
  ["mode: open\nport: '80a'", `port in FILE cannot be "80a": give ${PORT}`],
  ["mode: open\nport: 1.5", `port in FILE cannot be 1.5: give ${PORT}`],
  ["mode: open\nport: null", `port in FILE cannot be null: give ${PORT}`],
  ["mode: open\nport: [8080]", `port in FILE cannot be [8080]: give ${PORT}`],
  ["mode: open\nport: true", `port in FILE cannot be true: give ${PORT}`],
  ["mode: open\nport: .inf", `port in FILE cannot be Infinity: give ${PORT}`],
  ["mode: open\nport: .nan", `port in FILE cannot be NaN: give ${PORT}`],
  ["mode: on", `mode in FILE cannot be "on": give ${MODE}`],
  ["mode: true", `mode in FILE cannot be true: give ${MODE}`],
  ["mode:", `mode in FILE cannot be null: give ${MODE}`],
  ["mode: {public: true}", `mode in FILE cannot be {"public":true}: give ${MODE}`],
  [
    "mode: authenticated",
    'mode in FILE cannot be "authenticated" alone: give --homeserver or --introspection-url to check access tokens',
  ],
  ["mode: open\nstable_endpoint: 1", `stable_endpoint in FILE cannot be 1: give ${SWITCH}`],
  ["mode: open\nno_msc4108: yes", `no_msc4108 in FILE cannot be "yes": give ${SWITCH}`],
  ["mode: open\ntrust_proxy: 10", `trust_proxy in FILE cannot be 10: give ${NETWORKS}`],
  ["mode: open\ntrust_proxy: [1]", `trust_proxy in FILE cannot be [1]: give ${NETWORKS}`],
  ["mode: open\ntrust_proxy: {a: b}", `trust_proxy in FILE cannot be {"a":"b"}: give ${NETWORKS}`],
  ["mode: open\ntrust_proxy: [everyone]", `trust_proxy in FILE cannot be ["everyone"]: give ${NETWORKS}`],
  ["mode: open\nsession_ttl: -1", `session_ttl in FILE cannot be -1: give ${TTL}`],
  ["mode: open\nsession_ttl: 1.5", `session_ttl in FILE cannot be 1.5: give ${TTL}`],
  ["mode: open\nsession_ttl: 5m 30s", `session_ttl in FILE cannot be "5m 30s": give ${TTL}`],
  ["mode: open\nsession_ttl: 5", `session_ttl in FILE cannot be 5: give ${TTL}`],
  ["mode: open\nmax_sessions: 1e12", `max_sessions in FILE cannot be 1000000000000: give ${COUNT}`],
  ["mode: open\nhost: 127", `host in FILE cannot be 127: give ${HOST}`],
  [
    "mode: open\nmode: off",
    "FILE cannot be the configuration: it is not YAML: Map keys must be unique at line 2, column 1",
  ],
  [
    "mode: open\nsession_ttl: 5m\nsession-ttl: 4m",
    "session-ttl in FILE is there twice, as session_ttl in FILE: keep one",
  ],
  [
    "mode: *x",
    "FILE cannot be the configuration: it is not YAML: Unresolved alias (the anchor must be set before the alias): x",
  ],
  [
    "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c]",
    "FILE cannot be the configuration: it is not YAML: Excessive alias count indicates a resource exhaustion attack",
  ],
  ["mode: open\n---\nmode: off", "FILE cannot be the configuration: it has more than one document"],
  ["mode: open\nserver:\n  port: 1", "FILE: server is unknown: see --help"],
  ["mode: open\nconfig: x.yaml", "FILE: config is unknown: see --help"],
  ["1: 2\nmode: open", "FILE: 1 is unknown: see --help"],
  ["mode: open\nrendezvous:\n  mode: open", "FILE: rendezvous is unknown: see --help"],
  [
    "\tmode: open",
    "FILE cannot be the configuration: it is not YAML: Tabs are not allowed as indentation at line 1, column 1",
  ],
  ["mode: open\nhomeserver: 5", `homeserver in FILE cannot be 5: give ${HOMESERVER}`],
  ["mode: open\nport: 80\nops_port: 80", "ops_port in FILE cannot be 80, which is the public port: give another"],
  [
    "mode: open\nintrospection_client_secret: hunter2",
    "FILE: introspection_client_secret is unknown: did you mean introspection-client-secret-file?",
  ],
  ["mode: open\nlog_level: [info]", `log_level in FILE cannot be ["info"]: give ${LEVEL}`],
  ["store: 'redis//u:hunter2@x'\nmode: open", `store in FILE cannot be that: give ${STORE}`],
  ["mode: open\nwhen_full: false", "when_full in FILE cannot be false: give reject or evict-oldest"],
  ["mode: !!python/object x", `mode in FILE cannot be "x": give ${MODE}`],
  ["mode: open\n__proto__: {a: b}", "FILE: __proto__ is unknown: see --help"],
];

function assertMistakes(flags: readonly string[], environment: Environment, messages: readonly string[]): void {
  const result = configure(OPTIONS, readFlags(flags, OPTIONS), environment);
  const wrong = `${flags.join(" ")} ${JSON.stringify(environment)}`;
  assert.ok(!result.ok, `nothing was found wrong with ${wrong}`);
  assert.deepEqual(result.mistakes, messages, wrong);
}

test(`flags: ${FLAGS.length} that are wrong`, () => {
  for (const [flags, ...messages] of FLAGS) assertMistakes(flags.split(" "), {}, messages);
});

test(`variables: ${VARIABLES.length} that are wrong`, () => {
  for (const [variables, ...messages] of VARIABLES) {
    const flags = "RENDEZVOUS_MODE" in variables ? [] : ["--mode", "open"];
    assertMistakes(flags, variables, messages);
  }
});

test(`configuration files: ${FILES.length} that are wrong`, () => {
  const folder = mkdtempSync(join(tmpdir(), "rendezvous-"));
  const path = join(folder, "config.yaml");
  for (const [text, ...messages] of FILES) {
    writeFileSync(path, text);
    assertMistakes(
      ["--config", path],
      {},
      messages.map((message) => message.replaceAll("FILE", path)),
    );
  }
  rmSync(folder, { recursive: true });
});
