import assert from "node:assert/strict";
import { inspect } from "node:util";
import { introspectionVerifier } from "@matrix-rendezvous/http/verifiers";
import { runtime, test } from "@matrix-rendezvous/testkit/runner";
import { CLIENT, issue, MATRIX, startProvider } from "./authorization-server.ts";
import { whileServing } from "./local-server.ts";

// The authorization server is a program of its own, for Node; the verifier is tested against it from there, and
// against its answers from everywhere.
if (runtime === "node") {
  test("tokens of a real authorization server: valid, without the scope, revoked, made up", async () => {
    const { server, provider, url } = await startProvider();
    const verifier = introspectionVerifier({ url, ...CLIENT });
    const valid = await issue(provider, "alice", `openid ${MATRIX}`);
    assert.deepEqual(await verifier.verify(valid), { type: "user", userId: "alice" });
    assert.deepEqual(await verifier.verify(await issue(provider, "alice", "openid")), { type: "unknown" });
    await (await provider.AccessToken.find(valid))?.destroy();
    assert.deepEqual(await verifier.verify(valid), { type: "unknown" });
    assert.deepEqual(await verifier.verify("made-up"), { type: "unknown" });
    const stranger = introspectionVerifier({ url, clientId: CLIENT.clientId, clientSecret: "wrong" });
    await assert.rejects(stranger.verify(valid));
    server.close();
    server.closeAllConnections();
  });
}

const BODIES: readonly (readonly [status: number, body: object, verdict: unknown])[] = [
  [200, { active: true, scope: MATRIX, username: "alice", sub: "01H" }, { type: "user", userId: "alice" }],
  [200, { active: true, scope: `x ${MATRIX}`, sub: "01H" }, { type: "user", userId: "01H" }],
  [
    200,
    { active: true, scope: "urn:matrix:org.matrix.msc2967.client:api:*", sub: "01H" },
    { type: "user", userId: "01H" },
  ],
  [200, { active: true, scope: MATRIX }, { type: "forbidden" }],
  [200, { active: true, sub: "01H" }, { type: "unknown" }],
  [200, { active: false, scope: MATRIX, sub: "01H" }, { type: "unknown" }],
  [200, { scope: MATRIX, hint: "of a token" }, /is not what RFC 7662 says/],
  [400, { error: "invalid_request", error_description: "no such token" }, /with status 400/],
  [401, { error: "invalid_client" }, /with status 401/],
  [503, {}, /with status 503/],
];

test("each answer to an introspection has its verdict", async () => {
  for (const [status, body, expected] of BODIES) {
    await whileServing(
      async () => Response.json(body, { status }),
      async (url) => {
        const verdict = introspectionVerifier({ url, ...CLIENT }).verify("token");
        if (expected instanceof RegExp) {
          // Whatever the answer says may have the token in it, and the error is logged.
          await assert.rejects(verdict, (error) => expected.test(String(error)) && !/token/.test(inspect(error)));
        } else assert.deepEqual(await verdict, expected);
      },
    );
  }
});
