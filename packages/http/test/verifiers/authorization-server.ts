import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Provider } from "oidc-provider";

/** Who may introspect. */
export const CLIENT = { clientId: "rendezvous", clientSecret: "a secret:with/odd characters" };
/** The scope of the Client-Server API. */
export const MATRIX = "urn:matrix:client:api:*";

/** A real authorization server, and the means to issue tokens as if users had signed in. */
export async function startProvider(): Promise<{ server: Server; provider: Provider; url: string }> {
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

/** An access token, as if that user had signed in; valid for so many seconds, or no longer where that is negative. */
export async function issue(provider: Provider, accountId: string, scope: string, validS = 60): Promise<string> {
  const client = await provider.Client.find(CLIENT.clientId);
  assert.ok(client);
  const grant = new provider.Grant({ accountId, clientId: CLIENT.clientId });
  grant.addOIDCScope(scope);
  const grantId = await grant.save();
  const fields = { accountId, client, grantId, scope, gty: "device_code", expiresIn: validS };
  return await new provider.AccessToken(fields as ConstructorParameters<typeof provider.AccessToken>[0]).save();
}
