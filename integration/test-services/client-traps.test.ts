/** What released clients and proxies break on, one test each, over real connections to the server on each runtime. */
import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { afterAll } from "vitest";
import { RUNTIMES, startServer } from "../../apps/server/test/server-process.ts";
import { CREATE_2024, STABLE_2025, UNSTABLE_2025 } from "../src/paths.ts";
import { create2024, sender, validators } from "../src/session-2024.ts";

const stops: (() => Promise<unknown>)[] = [];
afterAll(() => Promise.all(stops.map((stop) => stop())));

/** The longest time that a timer of JavaScript can wait, in milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const send = sender();
const json = async (answer: Response): Promise<Record<string, unknown>> => {
  assert.equal(answer.headers.get("Content-Type"), "application/json");
  return (await answer.json()) as Record<string, unknown>;
};
const ask = async (method: string, url: string, body?: object): Promise<{ status: number; body: object }> => {
  const answer = await fetch(url, { method, body: body === undefined ? null : JSON.stringify(body) });
  return { status: answer.status, body: await json(answer) };
};

for (const runtime of RUNTIMES) {
  const server = await startServer(runtime, ["--store", "memory:", "--stable-endpoint"]);
  const full = await startServer(runtime, ["--store", "memory:", "--max-sessions", "1"]);
  const off = await startServer(runtime, ["--store", "memory:", "--mode", "off"]);
  stops.push(server.stop, full.stop, off.stop);

  test(`${runtime}, 2024: a read has exactly text/plain, or the message is dropped`, async () => {
    const { url } = await create2024(send, server.url, "text");
    assert.equal((await send("GET", url)).headers.get("Content-Type"), "text/plain");
  });

  test(`${runtime}, 2024: ETag, Expires and Last-Modified are on every 201, 200, 202, 304 and 412`, async () => {
    const created = await send("POST", server.url + CREATE_2024, {}, "one");
    const { url } = (await json(created)) as { url: string };
    const { etag } = validators(created);
    const answers = [
      await send("GET", url),
      await send("GET", url, { "If-None-Match": etag }),
      await send("PUT", url, { "If-Match": etag }, "two"),
      await send("PUT", url, { "If-Match": etag }, "three"),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 304, 202, 412],
    );
    for (const answer of answers) validators(answer);
  });

  test(`${runtime}, 2024: the length of an answer is told, not only where it ends`, async () => {
    const created = await send("POST", server.url + CREATE_2024, {}, "one");
    const body = await created.text();
    assert.equal(created.headers.get("Content-Length"), String(body.length));
    const read = await send("GET", (JSON.parse(body) as { url: string }).url);
    assert.equal(read.headers.get("Content-Length"), "3");
  });

  test(`${runtime}, 2024: an ETag is quoted, or Cloudflare drops it`, async () => {
    const { etag } = await create2024(send, server.url);
    assert.match(etag, /^"[\w-]+"$/);
  });

  test(`${runtime}, 2024: the ETag changes though the payload stays the same, or the message is not seen`, async () => {
    const { url, etag } = await create2024(send, server.url, "same");
    const written = await send("PUT", url, { "If-Match": etag }, "same");
    assert.notEqual(validators(written).etag, etag);
  });

  test(`${runtime}, 2024: a 202 has text/plain and no length, or Cloudflare takes its ETag off`, async () => {
    const { url, etag } = await create2024(send, server.url);
    const written = await send("PUT", url, { "If-Match": etag }, "two");
    assert.equal(written.headers.get("Content-Type"), "text/plain");
    assert.equal(written.headers.get("Content-Length"), "0");
  });

  test(`${runtime}, 2024: If-None-Match compares weakly, and may be a list or *`, async () => {
    const { url, etag } = await create2024(send, server.url);
    for (const ifNoneMatch of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      assert.equal((await send("GET", url, { "If-None-Match": ifNoneMatch })).status, 304, ifNoneMatch);
    }
    assert.equal((await send("GET", url, { "If-None-Match": '"other"' })).status, 200);
  });

  test(`${runtime}, 2024: text/plain may have parameters in a request, as web pages send it`, async () => {
    const type = { "Content-Type": "text/plain;charset=UTF-8" };
    assert.equal((await send("POST", server.url + CREATE_2024, type, "ü")).status, 201);
  });

  test(`${runtime}, 2024: a session's URL is at the configured place, whatever Host says`, async () => {
    const answer = await send("POST", server.url.replace("127.0.0.1", "localhost") + CREATE_2024, {}, "");
    assert.ok(String((await json(answer))["url"]).startsWith(`${server.url}/_synapse/client/rendezvous/`));
  });

  test(`${runtime}, 2024: Expires is near enough for a timer, or the sign-in is cancelled at once`, async () => {
    const created = await send("POST", server.url + CREATE_2024, {}, "");
    const leftMs = Date.parse(created.headers.get("Expires") ?? "") - Date.now();
    assert.ok(leftMs > 0 && leftMs < LONGEST_TIMER_MS);
  });

  test(`${runtime}, 2024: what ends the polling is a 404, in JSON, to be read from any page`, async () => {
    const { url } = await create2024(send, server.url);
    await send("DELETE", url);
    const gone = await send("GET", url);
    assert.equal(gone.status, 404);
    assert.equal(gone.headers.get("Access-Control-Allow-Origin"), "*");
    assert.equal((await json(gone))["errcode"], "M_NOT_FOUND");
  });

  test(`${runtime}: neither version answers 429 to twenty devices that poll for a minute`, async () => {
    const { url, etag } = await create2024(send, server.url);
    const { body } = await ask("POST", server.url + UNSTABLE_2025, { data: "" });
    const { id } = body as { id: string };
    for (let second = 0; second < 60; second += 1) {
      const polls = Array.from({ length: 10 }, () => [
        send("GET", url, { "If-None-Match": etag }),
        send("GET", `${server.url + UNSTABLE_2025}/${id}`),
      ]);
      for (const { status } of await Promise.all(polls.flat())) assert.ok(status === 200 || status === 304);
    }
  });

  test(`${runtime}, 2025: the 404 of a read is JSON, or a client polls again without a pause`, async () => {
    for (const path of [UNSTABLE_2025, STABLE_2025]) {
      const { status, body } = await ask("GET", `${server.url + path}/unknown`);
      assert.equal(status, 404);
      assert.equal(Object(body).errcode, "M_NOT_FOUND");
    }
  });

  test(`${runtime}, 2025: a read has data and sequence_token, and expires_in_ms is an integer, or it is fatal`, async () => {
    const created = await ask("POST", server.url + UNSTABLE_2025, { data: "" });
    const read = await ask("GET", `${server.url + UNSTABLE_2025}/${Object(created.body).id}`);
    for (const { body } of [created, read]) {
      assert.equal(typeof Object(body).sequence_token, "string");
      const left = Object(body).expires_in_ms;
      assert.ok(Number.isInteger(left) && left >= 0, String(left));
    }
    assert.equal(Object(read.body).data, "");
  });

  test(`${runtime}, 2025: an ID needs no escaping in a path`, async () => {
    const created = await ask("POST", server.url + UNSTABLE_2025, { data: "" });
    assert.match(Object(created.body).id, /^[\w~.-]+$/);
  });

  test(`${runtime}, 2025: a write that is sent again is answered 200 with the current token, or the sign-in ends`, async () => {
    const created = await ask("POST", server.url + UNSTABLE_2025, { data: "" });
    const { id, sequence_token } = Object(created.body);
    const url = `${server.url + UNSTABLE_2025}/${id}`;
    const first = await ask("PUT", url, { sequence_token, data: "message" });
    assert.deepEqual(await ask("PUT", url, { sequence_token, data: "message" }), first);
  });

  test(`${runtime}, 2025: no success is without a body, or it is fatal`, async () => {
    const created = await ask("POST", server.url + UNSTABLE_2025, { data: "" });
    const { id, sequence_token } = Object(created.body);
    const url = `${server.url + UNSTABLE_2025}/${id}`;
    assert.equal((await ask("PUT", url, { sequence_token, data: "" })).status, 200);
    assert.deepEqual(await ask("DELETE", url), { status: 200, body: {} });
  });

  test(`${runtime}, 2025: a creation that is refused for now says for how long`, async () => {
    await ask("POST", full.url + UNSTABLE_2025, { data: "" });
    const refused = await fetch(full.url + UNSTABLE_2025, { method: "POST", body: '{"data":""}' });
    assert.equal(refused.status, 429);
    const { errcode, retry_after_ms } = await json(refused);
    assert.equal(errcode, "M_LIMIT_EXCEEDED");
    assert.ok(Number.isInteger(retry_after_ms) && Number(retry_after_ms) > 0);
    assert.equal(refused.headers.get("Retry-After"), String(Math.ceil(Number(retry_after_ms) / 1000)));
    assert.equal(refused.headers.get("Access-Control-Allow-Origin"), "*");
  });

  test(`${runtime}, 2025: switched off, discovery is 404, and clients fall back`, async () => {
    const { status, body } = await ask("GET", off.url + UNSTABLE_2025);
    assert.equal(status, 404);
    assert.equal(Object(body).errcode, "M_UNRECOGNIZED");
  });
}
