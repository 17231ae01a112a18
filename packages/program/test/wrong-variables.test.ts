import { test } from "@matrix-rendezvous/testkit/runner";
import { assertMistakes, MODE, NETWORKS, PORT, STORE, SWITCH, TTL } from "./mistakes.ts";

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

test(`variables: ${VARIABLES.length} that are wrong`, () => {
  for (const [variables, ...messages] of VARIABLES) {
    const flags = "RENDEZVOUS_MODE" in variables ? [] : ["--mode", "open"];
    assertMistakes(flags, variables, messages);
  }
});
