import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { type AnswerEvent, createApi, type Handler } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { request, STABLE, UNSTABLE } from "./requests.ts";

const CREATE_2024 = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
const SESSION_2024 = "/_synapse/client/rendezvous";
const BASE_PATH = "/matrix";

const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "get", "constructor"];
const PREFIXES = [UNSTABLE, STABLE, CREATE_2024, SESSION_2024].flatMap((prefix) => [
  BASE_PATH + prefix,
  prefix,
  BASE_PATH + prefix.toUpperCase(),
  `${BASE_PATH}/${prefix}`,
]);
const SUFFIXES = [
  "",
  "/",
  "?",
  "?since=x",
  "s",
  "/ID",
  "/ID/",
  "/ID/txn",
  "//ID",
  "/ID?since=TOKEN",
  "/ID?since=TOKEN&timeout=x",
].concat(["/ID#x", "/%49D", "/ID%2F", "/./ID", "/x/../ID", "/ID~", "/~", "/unknown", "/__proto__", "/ID?#"]);
const BODIES = [{ data: "" }, { data: "two", sequence_token: "TOKEN" }, { data: "three", sequence_token: "stale" }];
const HEADERS = [{}, { "Content-Type": "text/plain", "If-Match": "TOKEN" }, { "Sec-Fetch-Mode": "navigate" }];

interface Service {
  readonly answer: Handler;
  readonly events: AnswerEvent[];
  /** How many requests the router was asked about. */
  routed(): number;
}

/** A service whose IDs, tokens and times are the same whenever it is asked the same. */
function service(past: boolean): Service {
  let drawn = 0;
  let routed = 0;
  const events: AnswerEvent[] = [];
  const { app, handler } = createApi({
    store: memoryStore(),
    mode: "open",
    basePath: BASE_PATH,
    stableEndpoint: true,
    msc4108: { publicUrl: "http://localhost" },
    maxSessions: 100_000,
    maxSessionsPerOwner: 100_000,
    now: () => 1_700_000_000_000,
    // Counts, in digits of the alphabet.
    randomBytes: (length) => new Uint8Array(length).map((_, place) => Math.floor(drawn / 64 ** place) % 64, drawn++),
    observe: (event) => events.push({ ...event, requestId: "", durationMs: 0 }),
  });
  const { fetch } = app;
  app.fetch = (...args) => {
    routed += 1;
    return fetch(...args);
  };
  return { answer: past ? handler : async (...args) => app.fetch(...args), events, routed: () => routed };
}

/** Answers a request about a session of its own. `ID` and `TOKEN` in it are that session's. */
async function ask({ answer }: Service, method: string, path: string, variant: number): Promise<unknown> {
  const context = { clientAddress: "192.0.2.1" };
  const created = await answer(request("POST", BASE_PATH + UNSTABLE, { data: "one" }), context);
  const { id, sequence_token: token } = (await created.json()) as { id: string; sequence_token: string };
  const filled = <T>(value: T): T => JSON.parse(JSON.stringify(value).replace("ID", id).replace("TOKEN", token));
  const body = ["PUT", "POST", "PATCH"].includes(method) ? filled(BODIES[variant]) : undefined;
  const answered = await answer(request(method, filled(path), body, filled(HEADERS[variant])), context);
  return { status: answered.status, headers: [...answered.headers], body: await answered.text() };
}

for (const prefix of PREFIXES) {
  test(`past the router, what begins with ${prefix} is answered and told as by the router`, async () => {
    const [direct, routed] = [service(true), service(false)];
    for (const suffix of SUFFIXES) {
      for (const method of METHODS) {
        for (const variant of BODIES.keys()) {
          const [got, expected] = await Promise.all(
            [direct, routed].map((asked) => ask(asked, method, prefix + suffix, variant)),
          );
          assert.deepEqual(got, expected, `${method} ${suffix}`);
        }
      }
    }
    assert.deepEqual(direct.events, routed.events);
  });
}

test("creating, reading, writing and cancelling go past the router, what needs it does not", async () => {
  const { answer, routed } = service(true);
  const created = await answer(request("POST", BASE_PATH + UNSTABLE, { data: "one" }));
  const { id, sequence_token } = (await created.json()) as { id: string; sequence_token: string };
  const path = `${BASE_PATH}${UNSTABLE}/${id}`;
  for (const sent of [request("GET", path), request("PUT", path, { data: "two", sequence_token })]) {
    assert.equal((await answer(sent)).status, 200);
  }
  assert.equal((await answer(request("DELETE", path))).status, 200);
  assert.equal(routed(), 0);
  await answer(request("GET", `${path}?since=x`));
  await answer(request("GET", path.replace("_", "%5F")));
  assert.equal(routed(), 2);
});
