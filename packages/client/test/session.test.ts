import assert from "node:assert/strict";
import { MAX_PAYLOAD_BYTES as SERVER_LIMIT } from "@matrix-rendezvous/core";
import type { Verdict } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { createSession, discover, joinSession, RendezvousError } from "../src/session/index.ts";
import { BASE_URL, startServer } from "./server.ts";

const UNSTABLE = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

test("Two devices take turns in one slot", async () => {
  const { options, clock } = startServer();
  const g = await createSession({ ...options, data: "from G" });
  const s = await joinSession({ ...options, id: g.id });
  assert.deepEqual(s.latest, g.latest);
  assert.equal(s.latest.data, "from G");
  assert.equal(s.expiresAt, clock.now() + 300_000);
  for (const data of ["from S", "", "ünï\u0000code \u{1f511}", "x".repeat(SERVER_LIMIT)]) {
    const sent = await s.send(data);
    assert.deepEqual(await g.receive(), sent);
    // The same data once more is another message, told apart by its token.
    const answered = await g.send(data);
    assert.deepEqual(await s.receive(), answered);
    assert.notEqual(answered.sequenceToken, sent.sequenceToken);
  }
});

test("Requests are those of MSC4388, whatever form the base URL has", async () => {
  const forms = [
    ["https://example.org", `https://example.org${UNSTABLE}`],
    ["https://example.org/", `https://example.org${UNSTABLE}`],
    ["https://example.org/matrix/", `https://example.org/matrix${UNSTABLE}`],
  ] as const;
  for (const [baseUrl, endpoint] of forms) {
    const { options, requests } = startServer({ basePath: baseUrl.includes("matrix/") ? "/matrix" : "" });
    const session = await createSession({ ...options, baseUrl, accessToken: "secret" });
    const { sequenceToken } = session.latest;
    await session.send("data");
    await joinSession({ ...options, baseUrl, id: session.id });
    await session.cancel();
    assert.equal(session.baseUrl, baseUrl);
    const authorization = "Bearer secret";
    const json = { "content-type": "application/json" };
    const write = JSON.stringify({ sequence_token: sequenceToken, data: "data" });
    assert.deepEqual(requests, [
      { method: "POST", url: endpoint, headers: { authorization, ...json }, body: '{"data":""}' },
      { method: "PUT", url: `${endpoint}/${session.id}`, headers: json, body: write },
      { method: "GET", url: `${endpoint}/${session.id}`, headers: {}, body: "" },
      { method: "DELETE", url: `${endpoint}/${session.id}`, headers: {}, body: "" },
    ]);
  }
});

test("The stable endpoint is spoken to where it is asked for", async () => {
  const { options, requests } = startServer({ stableEndpoint: true });
  await createSession({ ...options, endpoint: "stable" });
  assert.equal(requests[0]?.url, `${BASE_URL}/_matrix/client/v1/rendezvous`);
});

test("Who wrote first wins, and the other one can go on from there", async () => {
  const { options } = startServer();
  const g = await createSession(options);
  const s = await joinSession({ ...options, id: g.id });
  await s.send("first");
  await assert.rejects(g.send("second"), { name: "RendezvousError", code: "conflict", status: 409 });
  assert.equal((await g.receive()).data, "first");
  await g.send("second");
});

test("A session that is over is expired: by time, by the other device, or because it never was", async () => {
  const { options, clock } = startServer({ ttlMs: 120_000 });
  const timed = await createSession(options);
  await assert.rejects(timed.receive(), { code: "expired", status: 404 });
  assert.ok(clock.now() < timed.expiresAt + 5_000, "it did not wait much longer than that");
  await assert.rejects(timed.send("late"), { code: "expired" });
  await timed.cancel();

  const session = await createSession(options);
  const waiting = assert.rejects(session.receive(), { code: "expired" });
  await session.cancel();
  await waiting;
  await assert.rejects(joinSession({ ...options, id: session.id }), { code: "expired" });
});

test("A homeserver that does not offer it, or not to everybody, is told apart", async () => {
  const off = startServer({ mode: "off" });
  await assert.rejects(createSession(off.options), { code: "unavailable" });
  await assert.rejects(discover(off.options), { code: "unavailable" });
  const verify = async (token: string): Promise<Verdict> =>
    token === "good" ? { type: "user", userId: "@a:example.org" } : { type: token === "bad" ? "unknown" : "forbidden" };
  const authenticated = startServer({ mode: "authenticated", verifier: { verify } });
  await assert.rejects(createSession(authenticated.options), { code: "unauthorized", errcode: "M_MISSING_TOKEN" });
  await assert.rejects(discover({ ...authenticated.options, accessToken: "bad" }), { code: "unauthorized" });
  await assert.rejects(createSession({ ...authenticated.options, accessToken: "other" }), { code: "forbidden" });
  const session = await createSession({ ...authenticated.options, accessToken: "good" });
  // The device that joins has no access token yet: that is what it is here for.
  assert.deepEqual((await joinSession({ ...authenticated.options, id: session.id })).latest, session.latest);
});

test("An access token does not go to the server that a QR code names, whoever passes it on", async () => {
  const { options, requests } = startServer();
  const { id } = await createSession(options);
  requests.length = 0;
  const carelessOptions = { ...options, id, accessToken: "secret", extensions: undefined };
  await (await joinSession(carelessOptions)).send("data");
  assert.equal(requests.length, 3);
  assert.ok(requests.every(({ headers }) => !("authorization" in headers)));
});

test("Discovery says whether sessions can be created, and what else is offered", async () => {
  const { options } = startServer();
  const offered = { longPollMs: 30_000, transactionIds: true };
  assert.deepEqual(await discover(options), { createAvailable: true, ...offered });
});

test("A payload that does not fit is refused before anything is sent", async () => {
  const { options, requests } = startServer();
  await assert.rejects(createSession({ ...options, data: "ä".repeat(2049) }), { code: "too_large", status: undefined });
  assert.equal(requests.length, 0);
  const session = await createSession(options);
  await assert.rejects(session.send(`${"ä".repeat(2048)}x`), { code: "too_large" });
  await assert.rejects(session.send("\ud800"), { code: "invalid_payload" });
  assert.equal(requests.length, 1);
  await session.send("ä".repeat(2048));
});

test("One operation at a time, and an aborted one makes room for the next", async () => {
  const { options } = startServer();
  const session = await createSession(options);
  const abort = new AbortController();
  const reason = new Error("enough");
  const receiving = assert.rejects(session.receive({ signal: abort.signal }), reason);
  await assert.rejects(session.send("data"), { code: "busy" });
  await assert.rejects(session.receive(), { code: "busy" });
  abort.abort(reason);
  await receiving;
  await session.send("data");
  await assert.rejects(session.receive({ signal: AbortSignal.abort(reason) }), reason);
  await assert.rejects(createSession({ ...options, signal: AbortSignal.abort(reason) }), reason);
});

test("Options that cannot be right are refused, without saying what the access token is", async () => {
  const { options, requests } = startServer();
  const wrong = [
    { baseUrl: "example.org" },
    { baseUrl: "https://example.org?x" },
    { accessToken: "secret\n" },
    { accessToken: "" },
    { requestTimeoutMs: 0 },
    { pollIntervalMs: 0.5 },
  ];
  for (const change of wrong) {
    await assert.rejects(createSession({ ...options, ...change }), (error) => {
      assert.ok(error instanceof TypeError || error instanceof RangeError);
      return !error.message.includes("secret") && error.message.includes(Object.keys(change)[0] ?? "-");
    });
  }
  for (const id of ["", "..", "a/b", "i".repeat(256)]) {
    await assert.rejects(joinSession({ ...options, id }), TypeError);
  }
  assert.equal(requests.length, 0);
});

test("An error has a code, the status and the Matrix error code", async () => {
  const { options } = startServer({ mode: "off" });
  const error = await createSession(options).catch((caught: unknown) => caught);
  assert.ok(error instanceof RendezvousError);
  assert.deepEqual([error.code, error.status, error.errcode], ["unavailable", 404, "M_UNRECOGNIZED"]);
});
