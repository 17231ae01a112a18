import assert from "node:assert/strict";
import { whoamiVerifier } from "@matrix-rendezvous/http/verifiers";
import { test } from "@matrix-rendezvous/testkit/runner";
import { whileServing } from "./local-server.ts";

/** What a homeserver may answer to `whoami`, and what follows from it. */
const ANSWERS: readonly (readonly [status: number, body: string, verdict: unknown])[] = [
  [200, '{"user_id":"@alice:example.org","device_id":"A"}', { type: "user", userId: "@alice:example.org" }],
  [200, '{"user_id":"@1:example.org","is_guest":true}', { type: "forbidden" }],
  [401, '{"errcode":"M_UNKNOWN_TOKEN"}', { type: "unknown", details: { errcode: "M_UNKNOWN_TOKEN" } }],
  [
    401,
    '{"errcode":"M_USER_LOCKED","soft_logout":true,"error":"secret"}',
    { type: "unknown", details: { errcode: "M_USER_LOCKED", soft_logout: true } },
  ],
  [401, '{"errcode":"<script>","soft_logout":"yes"}', { type: "unknown", details: {} }],
  [401, "not JSON", { type: "unknown", details: {} }],
  [403, '{"errcode":"M_FORBIDDEN"}', { type: "forbidden" }],
  [200, "{}", /names no user/],
  [200, '{"user_id":7}', /names no user/],
  [200, "<html>", /names no user/],
  [200, `{"user_id":"${"x".repeat(70_000)}"}`, /names no user/],
  [404, "{}", /status 404/],
  [429, "{}", /status 429/],
  [502, "bad gateway", /status 502/],
];

test("each answer of the homeserver has its verdict, and none that is unclear lets anybody in", async () => {
  for (const [status, body, expected] of ANSWERS) {
    await whileServing(
      async (request) => {
        assert.equal(new URL(request.url).pathname, "/_matrix/client/v3/account/whoami");
        assert.equal(request.headers.get("Authorization"), "Bearer syt_token");
        return new Response(body, { status });
      },
      async (homeserver) => {
        const verdict = whoamiVerifier({ homeserver: `${homeserver}/` }).verify("syt_token");
        if (expected instanceof RegExp) await assert.rejects(verdict, expected);
        else assert.deepEqual(await verdict, expected);
      },
    );
  }
});

test("a redirect is not followed: the token is for nobody else", async () => {
  let asked = 0;
  await whileServing(
    async (request) => {
      asked += 1;
      return Response.redirect(new URL("/elsewhere", request.url).href, 307);
    },
    async (homeserver) => {
      await assert.rejects(whoamiVerifier({ homeserver }).verify("syt_token"));
    },
  );
  assert.equal(asked, 1);
});

test("a homeserver that does not answer is not waited for", async () => {
  const never = Promise.withResolvers<Response>();
  await whileServing(
    () => never.promise,
    async (homeserver) => {
      await assert.rejects(whoamiVerifier({ homeserver, timeoutMs: 20 }).verify("syt_token"), { name: "TimeoutError" });
      never.resolve(new Response());
    },
  );
});

test("a homeserver that is not there rejects", async () => {
  await assert.rejects(whoamiVerifier({ homeserver: "http://127.0.0.1:1" }).verify("syt_token"));
});
