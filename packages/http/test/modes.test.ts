import assert from "node:assert/strict";
import { memoryStore } from "@matrix-rendezvous/core";
import { type AccessTokenVerifier, createHandler, type Mode } from "@matrix-rendezvous/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { assertError, handlerWith, request, STABLE, UNSTABLE } from "./requests.ts";

const verifier: AccessTokenVerifier = {
  async verify(accessToken) {
    if (accessToken === "alice") return { type: "user", userId: "@alice:example.org" };
    if (accessToken === "guest") return { type: "forbidden" };
    if (accessToken === "expired") return { type: "unknown", details: { soft_logout: true } };
    if (accessToken === "locked") return { type: "unknown", details: { errcode: "M_USER_LOCKED", soft_logout: true } };
    if (accessToken === "down") throw new Error("the homeserver does not answer");
    return { type: "unknown" };
  },
};

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });

test("off: no route answers, but a page may ask", async () => {
  const handler = handlerWith({ mode: "off", stableEndpoint: true });
  for (const path of [UNSTABLE, `${UNSTABLE}/x`, `${UNSTABLE}/x/y`, STABLE]) {
    for (const method of ["GET", "POST", "PUT", "DELETE"]) {
      await assertError(await handler(request(method, path)), 404, "M_UNRECOGNIZED");
    }
    assert.equal((await handler(request("OPTIONS", path))).status, 204);
  }
});

test("public is open by its older name", async () => {
  const handler = handlerWith({ mode: "public" });
  const discovery = (await (await handler(request("GET", UNSTABLE))).json()) as { create_available: boolean };
  assert.equal(discovery.create_available, true);
});

test("authenticated: discovery and creation want a token, the rest never does", async () => {
  const handler = handlerWith({ mode: "authenticated", verifier });
  for (const method of ["GET", "POST"]) {
    const ask = (headers: Record<string, string>): Promise<Response> =>
      handler(request(method, UNSTABLE, undefined, headers));
    await assertError(await ask({}), 401, "M_MISSING_TOKEN");
    await assertError(await ask({ Authorization: "Basic YWxpY2U=" }), 401, "M_MISSING_TOKEN");
    await assertError(await ask(bearer("stranger")), 401, "M_UNKNOWN_TOKEN");
    await assertError(await ask(bearer("guest")), 403, "M_FORBIDDEN");
  }
  const created = await handler(request("POST", UNSTABLE, { data: "" }, bearer("alice")));
  assert.equal(created.status, 200);
  const { id, sequence_token } = (await created.json()) as { id: string; sequence_token: string };
  assert.equal((await handler(request("GET", `${UNSTABLE}/${id}`))).status, 200);
  assert.equal((await handler(request("PUT", `${UNSTABLE}/${id}`, { data: "x", sequence_token }))).status, 200);
  assert.equal((await handler(request("DELETE", `${UNSTABLE}/${id}`))).status, 200);
});

test("authenticated: a device without a token still learns what is offered beyond the MSC", async () => {
  const handler = handlerWith({ mode: "authenticated", verifier });
  const refusal = (await (await handler(request("GET", UNSTABLE))).json()) as Record<string, unknown>;
  assert.equal(refusal["errcode"], "M_MISSING_TOKEN");
  assert.equal(refusal["io.github.matrix-rendezvous.transaction_ids"], true);
});

test("authenticated: a soft logout stays one, so that no client forgets its keys", async () => {
  const handler = handlerWith({ mode: "authenticated", verifier });
  for (const [token, errcode] of [
    ["expired", "M_UNKNOWN_TOKEN"],
    ["locked", "M_USER_LOCKED"],
  ] as const) {
    for (const method of ["GET", "POST"]) {
      const answer = await handler(request(method, UNSTABLE, undefined, bearer(token)));
      assert.equal(((await answer.clone().json()) as { soft_logout: boolean }).soft_logout, true);
      await assertError(answer, 401, errcode);
    }
  }
});

test("authenticated: who cannot be checked is not let in", async () => {
  const errors: unknown[] = [];
  const handler = handlerWith({ mode: "authenticated", verifier, onError: (error) => errors.push(error) });
  const answer = await handler(request("POST", UNSTABLE, { data: "" }, bearer("down")));
  assert.equal(answer.headers.get("Retry-After"), "5");
  await assertError(answer, 503, "M_UNKNOWN");
  assert.match(String(errors), /does not answer/);
});

test("the cap of one user is not another's, nor that of a network", async () => {
  const handler = handlerWith({ mode: "authenticated", verifier, maxSessionsPerOwner: 1 });
  const create = (): Promise<Response> => handler(request("POST", UNSTABLE, { data: "" }, bearer("alice")));
  assert.equal((await create()).status, 200);
  await assertError(await create(), 429, "M_LIMIT_EXCEEDED");
});

test("a full server says when a place is due to be free", async () => {
  let now = 1_000_000;
  const handler = handlerWith({ maxSessions: 1, ttlMs: 60_000, now: () => now });
  const create = (): Promise<Response> => handler(request("POST", UNSTABLE, { data: "" }));
  assert.equal((await create()).status, 200);
  now += 20_500;
  const full = await create();
  assert.equal(full.headers.get("Retry-After"), "40");
  const body = (await full.clone().json()) as { retry_after_ms: number };
  assert.equal(body.retry_after_ms, 39_500);
  await assertError(full, 429, "M_LIMIT_EXCEEDED");
  now += 39_500;
  assert.equal((await create()).status, 200);
});

test("options that cannot work are refused when the handler is made", () => {
  const store = memoryStore();
  assert.throws(() => createHandler({ store, mode: "authenticated" }), /needs a verifier/);
  assert.throws(() => createHandler({ store, mode: "of" as Mode }), /mode must be/);
  for (const basePath of ["x", "/x/", "/", "/a//b", "/a b", "/a?b"]) {
    assert.throws(() => createHandler({ store, mode: "open", basePath }), /basePath must/);
  }
  assert.throws(() => createHandler({ store, mode: "open", ttlMs: 0 }), RangeError);
});
