import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { introspectionVerifier } from "@matrix-rendezvous/http/verifiers";
import { runtime, test } from "@matrix-rendezvous/testkit/runner";
import type { Provider } from "oidc-provider";
import { whileServing } from "./local-server.ts";

const CLIENT = { clientId: "rendezvous", clientSecret: "a secret:with/odd characters" };
const MATRIX = "urn:matrix:client:api:*";

/** A real authorization server, and the means to issue tokens as if users had signed in. */
async function startProvider(): Promise<{ server: Server; provider: Provider; url: string }> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Loaded here: it is made for Node, and warns on any other runtime.
  const { Provider } = await import("oidc-provider");
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        grant_types: [],
        redirect_uris: [],
        response_types: [],
      },
    ],
    features: {
      introspection: { enabled: true, allowedPolicy: async () => true },
      devInteractions: { enabled: false },
    },
    scopes: ["openid", MATRIX],
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
  });
  server.on("request", provider.callback());
  return { server, provider, url: `${issuer}/token/introspection` };
}

async function issue(provider: Provider, accountId: string, scope: string): Promise<string> {
  const client = await provider.Client.find(CLIENT.clientId);
  assert.ok(client);
  const grant = new provider.Grant({ accountId, clientId: CLIENT.clientId });
  grant.addOIDCScope(scope);
  const grantId = await grant.save();
  const fields = { accountId, client, grantId, scope, gty: "device_code" };
  return await new provider.AccessToken(fields as ConstructorParameters<typeof provider.AccessToken>[0]).save();
}

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
  [200, { scope: MATRIX }, /./],
  [401, { error: "invalid_client" }, /./],
  [503, {}, /./],
];

test("each answer to an introspection has its verdict", async () => {
  for (const [status, body, expected] of BODIES) {
    await whileServing(
      async () => Response.json(body, { status }),
      async (url) => {
        const verdict = introspectionVerifier({ url, ...CLIENT }).verify("token");
        if (expected instanceof RegExp) await assert.rejects(verdict, expected);
        else assert.deepEqual(await verdict, expected);
      },
    );
  }
});
