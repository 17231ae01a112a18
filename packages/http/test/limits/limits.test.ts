import assert from "node:assert/strict";
import type { Handler, Limits, RateLimiter, RequestContext } from "@matrix-rendezvous/http";
import { tokenBuckets } from "@matrix-rendezvous/http/limits";
import { test } from "@matrix-rendezvous/testkit/runner";
import { assertError, handlerWith, request, UNSTABLE } from "../requests.ts";

const OLD = "/_matrix/client/unstable/org.matrix.msc4108/rendezvous";
const AN_ID = "A".repeat(22);
const TEXT = { "Content-Type": "text/plain" };

/** Lets nobody through, and notes who asked. */
function closed(): { limiter: RateLimiter; owners: string[] } {
  const owners: string[] = [];
  const take: RateLimiter["take"] = async (owner) => {
    owners.push(owner);
    return { ok: false, retryAfterMs: 1_500 };
  };
  return { limiter: { take }, owners };
}

const from = (clientAddress: string): RequestContext => ({ clientAddress });

const REQUESTS: readonly (readonly [kind: keyof Limits, method: string, path: string])[] = [
  ["read", "GET", UNSTABLE],
  ["create", "POST", UNSTABLE],
  ["read", "GET", `${UNSTABLE}/${AN_ID}`],
  ["write", "PUT", `${UNSTABLE}/${AN_ID}`],
  ["write", "PUT", `${UNSTABLE}/${AN_ID}/txn`],
  ["write", "DELETE", `${UNSTABLE}/${AN_ID}`],
  ["create", "POST", OLD],
  ["read", "GET", `/_synapse/client/rendezvous/~${AN_ID}`],
  ["write", "PUT", `/_synapse/client/rendezvous/~${AN_ID}`],
  ["write", "DELETE", `/_synapse/client/rendezvous/~${AN_ID}`],
];

for (const [kind, method, path] of REQUESTS) {
  test(`${method} ${path.replaceAll(AN_ID, "ID")} is refused by the limit for ${kind}, and by no other`, async () => {
    const { limiter, owners } = closed();
    const send = (limits: Limits): Promise<Response> => {
      const handler = handlerWith({ limits, msc4108: { publicUrl: "http://localhost" } });
      const sent =
        method === "POST" || method === "PUT" ? request(method, path, { data: "" }, TEXT) : request(method, path);
      return handler(sent, from("2001:db8::1"));
    };
    const refused = await send({ [kind]: limiter });
    assert.equal(refused.status, 429);
    assert.equal(refused.headers.get("Retry-After"), "2");
    assert.equal(refused.headers.get("Access-Control-Allow-Origin"), "*");
    const { errcode, retry_after_ms } = (await refused.json()) as Record<string, unknown>;
    assert.deepEqual({ errcode, retry_after_ms }, { errcode: "M_LIMIT_EXCEEDED", retry_after_ms: 1_500 });
    assert.deepEqual(owners, ["network:2001:db8::/64"]);
    const others = Object.fromEntries(["create", "read", "write"].map((name) => [name, limiter]));
    assert.notEqual((await send({ ...others, [kind]: undefined })).status, 429);
  });
}

test("a preflight is answered whatever the limits are", async () => {
  const { limiter } = closed();
  const handler = handlerWith({ limits: { create: limiter, read: limiter, write: limiter } });
  assert.equal((await handler(request("OPTIONS", UNSTABLE))).status, 204);
});

test("a read of the 2024 version that was too fast repeats the ETag that the client knows", async () => {
  const handler = handlerWith({ limits: { read: closed().limiter }, msc4108: { publicUrl: "http://localhost" } });
  const read = (ifNoneMatch: string): Promise<Response> =>
    handler(request("GET", `/_synapse/client/rendezvous/~${AN_ID}`, undefined, { "If-None-Match": ifNoneMatch }));
  const token = "abcdefghijklmnop";
  for (const spelled of [`"${token}"`, `W/"${token}"`]) {
    assert.equal((await read(spelled)).headers.get("ETag"), `"${token}"`);
  }
  assert.equal((await read('"x\\"y"')).headers.get("ETag"), null);
});

test("where access tokens are checked, creating counts for the user, and whatever asks for the network before that", async () => {
  const [users, networks] = [closed(), closed()];
  const asked: string[] = [];
  const verify = async (accessToken: string): Promise<{ type: "user"; userId: string }> => {
    asked.push(accessToken);
    return { type: "user", userId: "@alice:example.org" };
  };
  const headers = { Authorization: "Bearer secret" };
  const send = (sent: Request, limits: Limits): Promise<Response> =>
    handlerWith({ mode: "authenticated", verifier: { verify }, limits })(sent, from("192.0.2.1"));
  const create = (): Request => request("POST", UNSTABLE, { data: "" }, headers);
  const discover = request("GET", UNSTABLE, undefined, headers);
  for (const sent of [create(), discover]) {
    await assertError(await send(sent, { write: networks.limiter }), 429, "M_LIMIT_EXCEEDED");
  }
  assert.deepEqual([networks.owners, asked], [["network:192.0.2.1", "network:192.0.2.1"], []]);
  await assertError(await send(create(), { create: users.limiter }), 429, "M_LIMIT_EXCEEDED");
  assert.deepEqual([users.owners, asked], [["user:@alice:example.org"], ["secret"]]);
});

test("one network's flood takes nothing from another", async () => {
  const limits = { read: tokenBuckets({ perSecond: 0.001, burstCount: 1 }) };
  const handler: Handler = handlerWith({ limits });
  const status = async (address: string): Promise<number> =>
    (await handler(request("GET", `${UNSTABLE}/${AN_ID}`), from(address))).status;
  const flood = await Promise.all(Array.from({ length: 50 }, () => status("192.0.2.1")));
  assert.equal(flood.filter((answer) => answer === 404).length, 1);
  assert.equal(await status("192.0.2.2"), 404);
});
