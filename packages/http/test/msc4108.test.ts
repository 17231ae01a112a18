import assert from "node:assert/strict";
import type { Handler, HandlerOptions } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { handlerWith, request, UNSTABLE } from "./requests.ts";

const CREATE = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
const BASE = "https://rendezvous.example.org";
const EXPOSED = { "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag" };

const handlerOf = (options: Partial<HandlerOptions> = {}): Handler =>
  handlerWith({ msc4108: { publicUrl: BASE }, ...options });

function send(
  handler: Handler,
  method: string,
  url: string,
  body?: BodyInit,
  headers: HeadersInit = {},
): Promise<Response> {
  const type = body === undefined ? {} : { "Content-Type": "text/plain" };
  const init: RequestInit = { method, headers: { ...type, ...headers } };
  return handler(new Request(url, body === undefined ? init : { ...init, body }));
}

/** A session in a fresh handler: its URL and the ETag of its creation. */
async function created(handler: Handler, payload = "one"): Promise<{ url: string; etag: string }> {
  const answer = await send(handler, "POST", `http://localhost${CREATE}`, payload);
  assert.equal(answer.status, 201);
  const { url } = (await answer.json()) as { url: string };
  return { url, etag: answer.headers.get("ETag") ?? "" };
}

/** What clients need to find on every answer about a session that is there. */
function assertValidators(answer: Response, now: number, ttlMs: number): void {
  assert.match(answer.headers.get("ETag") ?? "", /^"[\w-]{16}"$/);
  assert.equal(Date.parse(answer.headers.get("Expires") ?? ""), now + ttlMs);
  assert.equal(Date.parse(answer.headers.get("Last-Modified") ?? ""), now);
  assert.equal(answer.headers.get("Cache-Control"), "no-store, no-transform");
  assert.equal(answer.headers.get("Pragma"), "no-cache");
  for (const [name, value] of Object.entries(EXPOSED)) assert.equal(answer.headers.get(name), value);
}

test("ETag, Expires, Last-Modified and the rest are on every 201, 200, 202, 304 and 412", async () => {
  const now = 1_790_000_000_000;
  const handler = handlerOf({ now: () => now, ttlMs: 120_000 });
  const first = await send(handler, "POST", `http://localhost${CREATE}`, "one");
  const { url } = (await first.clone().json()) as { url: string };
  const etag = first.headers.get("ETag") ?? "";
  const answers = [
    first,
    await send(handler, "GET", url),
    await send(handler, "GET", url, undefined, { "If-None-Match": etag }),
    await send(handler, "PUT", url, "two", { "If-Match": etag }),
    await send(handler, "PUT", url, "three", { "If-Match": etag }),
  ];
  assert.deepEqual(
    answers.map((answer) => answer.status),
    [201, 200, 304, 202, 412],
  );
  for (const answer of answers) assertValidators(answer, now, 120_000);
});

test("the URL is built from the public URL and the base path, not from the request's Host", async () => {
  const handler = handlerOf({ basePath: "/qr", msc4108: { publicUrl: `${BASE}/` } });
  const answer = await send(handler, "POST", `http://evil.example/qr${CREATE}`, "");
  const { url } = (await answer.json()) as { url: string };
  assert.match(url, /^https:\/\/rendezvous\.example\.org\/qr\/_synapse\/client\/rendezvous\/~[\w-]{22}$/);
});

test("a read has exactly text/plain, and exactly the bytes, text or not", async () => {
  const handler = handlerOf();
  const { url, etag } = await created(handler);
  const bytes = new Uint8Array([0, 0xff, 0xfe, 0x0a, 0x80]);
  await send(handler, "PUT", url, bytes, { "If-Match": etag });
  const answer = await send(handler, "GET", url);
  assert.equal(answer.headers.get("Content-Type"), "text/plain");
  assert.deepEqual(new Uint8Array(await answer.arrayBuffer()), bytes);
});

test("a 202 has text/plain although it has no body", async () => {
  const handler = handlerOf();
  const { url, etag } = await created(handler);
  const answer = await send(handler, "PUT", url, "two", { "If-Match": etag });
  assert.equal(answer.headers.get("Content-Type"), "text/plain");
  assert.equal(answer.headers.get("Content-Length"), "0");
});

const MANGLED = [
  (token: string) => `"${token}"`,
  (token: string) => `W/"${token}"`,
  (token: string) => token,
  (token: string) => `"${token}-gzip"`,
  (token: string) => `"${token}-br"`,
  (token: string) => `W/"${token};gzip"`,
];

test("If-Match takes an ETag as proxies hand it on", async () => {
  const handler = handlerOf();
  for (const mangle of MANGLED) {
    const { url, etag } = await created(handler);
    const ifMatch = mangle(etag.slice(1, -1));
    assert.equal((await send(handler, "PUT", url, "two", { "If-Match": ifMatch })).status, 202, ifMatch);
  }
});

test("If-None-Match compares weakly, takes a list and *", async () => {
  const handler = handlerOf();
  const { url, etag } = await created(handler);
  const get = async (ifNoneMatch: string): Promise<number> =>
    (await send(handler, "GET", url, undefined, { "If-None-Match": ifNoneMatch })).status;
  for (const mangle of MANGLED) assert.equal(await get(mangle(etag.slice(1, -1))), 304);
  assert.equal(await get(`"other", W/${etag}`), 304);
  assert.equal(await get("*"), 304);
  assert.equal(await get('"other"'), 200);
});

test("the ETag changes with every write, also of the same payload", async () => {
  const handler = handlerOf();
  const { url, etag } = await created(handler, "same");
  const next = await send(handler, "PUT", url, "same", { "If-Match": etag });
  assert.equal(next.status, 202);
  assert.notEqual(next.headers.get("ETag"), etag);
});

test("a stale If-Match is 412 with both errcodes and changes nothing", async () => {
  const handler = handlerOf();
  const { url, etag } = await created(handler);
  const winner = await send(handler, "PUT", url, "two", { "If-Match": etag });
  const loser = await send(handler, "PUT", url, "three", { "If-Match": etag });
  assert.equal(loser.headers.get("ETag"), winner.headers.get("ETag"));
  const body = (await loser.json()) as Record<string, string>;
  assert.equal(body["errcode"], "M_UNKNOWN");
  assert.equal(body["org.matrix.msc4108.errcode"], "M_CONCURRENT_WRITE");
  assert.equal(await (await send(handler, "GET", url)).text(), "two");
});

const WRONG: readonly (readonly [what: string, headers: Record<string, string>, status: number, errcode: string])[] = [
  ["no If-Match", { "Content-Type": "text/plain" }, 400, "M_MISSING_PARAM"],
  ["no Content-Type", { "If-Match": '"x"' }, 400, "M_MISSING_PARAM"],
  ["another Content-Type", { "Content-Type": "application/json", "If-Match": '"x"' }, 400, "M_INVALID_PARAM"],
];

test("a write without what it needs is 400, readable from any page", async () => {
  const handler = handlerOf();
  const { url } = await created(handler);
  for (const [what, headers, status, errcode] of WRONG) {
    const body = new TextEncoder().encode("two");
    const answer = await handler(new Request(url, { method: "PUT", headers, body }));
    assert.equal(answer.status, status, what);
    assert.equal(((await answer.json()) as { errcode: string }).errcode, errcode, what);
    for (const [name, value] of Object.entries(EXPOSED)) assert.equal(answer.headers.get(name), value);
  }
  const parameters = await send(handler, "PUT", url, "two", {
    "Content-Type": "Text/Plain; charset=utf-8",
    "If-Match": '"x"',
  });
  assert.equal(parameters.status, 412);
});

test("4,096 bytes are accepted, one more is 413", async () => {
  const handler = handlerOf();
  assert.equal((await send(handler, "POST", `http://localhost${CREATE}`, "x".repeat(4096))).status, 201);
  const answer = await send(handler, "POST", `http://localhost${CREATE}`, "x".repeat(4097));
  assert.equal(answer.status, 413);
  assert.equal(((await answer.json()) as { errcode: string }).errcode, "M_TOO_LARGE");
});

test("a cancelled session is 204, then 404 on every method", async () => {
  const handler = handlerOf();
  const { url, etag } = await created(handler);
  assert.equal((await send(handler, "DELETE", url)).status, 204);
  for (const [method, body] of [["GET"], ["PUT", "x"], ["DELETE"]] as const) {
    const answer = await send(handler, method, url, body, { "If-Match": etag });
    assert.equal(answer.status, 404);
    assert.equal(((await answer.json()) as { errcode: string }).errcode, "M_NOT_FOUND");
  }
});

test("each version's sessions are unknown to the other's routes", async () => {
  const handler = handlerOf();
  const { url } = await created(handler);
  const old = url.split("/").at(-1) ?? "";
  const { id } = (await (await handler(request("POST", UNSTABLE, { data: "" }))).json()) as { id: string };
  assert.equal((await send(handler, "GET", url)).status, 200);
  assert.equal((await handler(request("GET", `${UNSTABLE}/${id}`))).status, 200);
  assert.equal((await handler(request("GET", `${UNSTABLE}/${old}`))).status, 404);
  assert.equal((await send(handler, "GET", url.replace(old, id))).status, 404);
});

test("both versions count against the same cap", async () => {
  const handler = handlerOf({ maxSessions: 1 });
  await created(handler);
  assert.equal((await handler(request("POST", UNSTABLE, { data: "" }))).status, 429);
});

test("a preflight allows what the client will send, without a token", async () => {
  const answer = await send(handlerOf(), "OPTIONS", `http://localhost${CREATE}`);
  assert.equal(answer.status, 204);
  assert.match(answer.headers.get("Access-Control-Allow-Headers") ?? "", /If-Match, If-None-Match/);
  assert.match(answer.headers.get("Access-Control-Allow-Methods") ?? "", /PUT, DELETE/);
});

test("a public URL that is none is refused when the handler is made", () => {
  for (const publicUrl of ["", "example.org", "ftp://x", "https://x/?q"]) {
    assert.throws(() => handlerOf({ msc4108: { publicUrl } }), /publicUrl must/);
  }
});
