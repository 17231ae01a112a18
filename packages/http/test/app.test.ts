import assert from "node:assert/strict";
import { memoryStore, type RendezvousStore, StoreUnavailableError } from "@matrix-rendezvous/core";
import { type AnswerEvent, createApp, limitInFlight } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { Hono } from "hono";
import { assertError, handlerWith, request, STABLE, UNSTABLE } from "./requests.ts";

const failing = (error: Error): RendezvousStore => Object.assign(memoryStore(), { read: () => Promise.reject(error) });

const AN_ID = "A".repeat(22);

test("a store that is away is 503 with Retry-After, anything unforeseen is 500; both are reported", async () => {
  for (const [error, status] of [
    [new StoreUnavailableError("gone"), 503],
    [new Error("bug"), 500],
  ] as const) {
    const reported: unknown[] = [];
    const handler = handlerWith({ store: failing(error), onError: (...told) => reported.push(...told) });
    const answer = await handler(request("GET", `${UNSTABLE}/${AN_ID}`));
    assert.equal(answer.headers.get("Retry-After"), status === 503 ? "1" : null);
    await assertError(answer, status, "M_UNKNOWN");
    assert.deepEqual(reported, [error, answer.headers.get("X-Request-ID")]);
  }
});

test("where answers are told, so is the error behind one, and nobody hears of it twice", async () => {
  const error = new Error("bug");
  const events: AnswerEvent[] = [];
  const reported: unknown[] = [];
  const observe = (event: AnswerEvent): void => void events.push(event);
  const handler = handlerWith({ store: failing(error), observe, onError: (...told) => reported.push(...told) });
  const answer = await handler(request("GET", `${UNSTABLE}/${AN_ID}`));
  assert.deepEqual([events[0]?.error, events[0]?.requestId], [error, answer.headers.get("X-Request-ID")]);
  assert.deepEqual([events.length, reported], [1, []]);
});

test("a failed read of the 2024 version repeats the ETag that the client knows", async () => {
  const store = failing(new StoreUnavailableError("gone"));
  const handler = limitInFlight(handlerWith({ store, msc4108: { publicUrl: "http://localhost" } }), { maxInFlight: 1 });
  const ETag = '"abcdefghijklmnop"';
  const read = (): Promise<Response> =>
    handler(request("GET", `/_synapse/client/rendezvous/~${AN_ID}`, undefined, { "If-None-Match": ETag }));
  for (const answer of await Promise.all([read(), read()])) {
    const told = ["ETag", "Access-Control-Expose-Headers", "Cache-Control"].map((name) => answer.headers.get(name));
    assert.deepEqual([answer.status, ...told], [503, ETag, "ETag", "no-store, no-transform"]);
  }
});

test("an error says nothing of what went wrong inside", async () => {
  const handler = handlerWith({ store: failing(new Error("password=hunter2")) });
  const answer = await handler(request("GET", `${UNSTABLE}/${AN_ID}`));
  assert.doesNotMatch(await answer.text(), /hunter2/);
});

test("a base path moves every route", async () => {
  const handler = handlerWith({ basePath: "/matrix/qr", stableEndpoint: true });
  for (const prefix of [UNSTABLE, STABLE]) {
    assert.equal((await handler(request("GET", `/matrix/qr${prefix}`))).status, 200);
    await assertError(await handler(request("GET", prefix)), 404, "M_UNRECOGNIZED");
  }
});

test("the stable endpoint is off unless it is asked for, and names the conflict without a prefix", async () => {
  await assertError(await handlerWith()(request("GET", STABLE)), 404, "M_UNRECOGNIZED");
  const handler = handlerWith({ stableEndpoint: true });
  const created = await handler(request("POST", STABLE, { data: "one" }));
  const { id } = (await created.json()) as { id: string };
  const stale = { data: "two", sequence_token: "stale" };
  await assertError(await handler(request("PUT", `${STABLE}/${id}`, stale)), 409, "M_CONCURRENT_WRITE");
  const unstable = await handler(request("PUT", `${UNSTABLE}/${id}`, stale));
  await assertError(unstable, 409, "IO_ELEMENT_MSC4388_CONCURRENT_WRITE");
});

test("mounted in another Hono, it keeps to its own paths", async () => {
  const app = new Hono();
  app.notFound((c) => c.text("theirs", 404));
  app.route("/", createApp({ store: memoryStore(), mode: "open" }));
  app.get("/other", (c) => c.text("theirs"));
  assert.equal((await app.request(UNSTABLE)).status, 200);
  assert.equal(await (await app.request("/other")).text(), "theirs");
  assert.equal(await (await app.request("/nothing")).text(), "theirs");
  await assertError(await app.request(`${UNSTABLE}/a/b/c`), 404, "M_UNRECOGNIZED");
});

test("a wrong method says which ones are right", async () => {
  const answer = await handlerWith()(request("PATCH", `${UNSTABLE}/${AN_ID}`));
  assert.equal(answer.headers.get("Allow"), "GET, PUT, DELETE, OPTIONS");
  await assertError(answer, 405, "M_UNRECOGNIZED");
});

test("every answer of a route is told, with the pattern of its path and no more of the ID than six characters", async () => {
  const events: AnswerEvent[] = [];
  const handler = handlerWith({ basePath: "/b", observe: (event) => events.push(event) });
  const created = await handler(request("POST", `/b${UNSTABLE}`, { data: "" }));
  const { id } = (await created.json()) as { id: string };
  await handler(request("GET", `/b${UNSTABLE}/${id}`));
  await handler(request("PUT", `/b${UNSTABLE}/${id}/txn`, {}));
  await handler(request("GET", "/elsewhere"));
  const route = `/b${UNSTABLE}`;
  const session = id.slice(0, 6);
  assert.deepEqual(
    events.map(({ durationMs, requestId, error, ...event }) => event),
    [
      { method: "POST", route, status: 200, session: undefined },
      { method: "GET", route: `${route}/:id`, status: 200, session },
      { method: "PUT", route: `${route}/:id/:txnId`, status: 400, session },
    ],
  );
  assert.equal(new Set(events.map(({ requestId }) => requestId)).size, 3);
  assert.ok(events.every(({ durationMs }) => durationMs >= 0 && durationMs < 60_000));
});
