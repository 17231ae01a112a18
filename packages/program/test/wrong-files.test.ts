import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import {
  assertMistakes,
  COUNT,
  HOMESERVER,
  HOST,
  LEVEL,
  MODE,
  NETWORKS,
  PORT,
  STORE,
  SWITCH,
  TTL,
} from "./mistakes.ts";

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
