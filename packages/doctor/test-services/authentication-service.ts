/** What Synapse asks of Matrix Authentication Service, and no more. */

import { listen } from "../test/listen.ts";
import { DEVICE_GRANT } from "../test/stand-in.ts";

export const SECRET = "a-secret-of-this-test";
export const ACCESS_TOKEN = "mat_of_alice";

export interface AuthenticationService {
  readonly url: string;
  close(): Promise<void>;
}

export async function startAuthenticationService(
  grants: readonly string[] = [DEVICE_GRANT],
): Promise<AuthenticationService> {
  const service = await listen(async (request) => {
    if (request.url.endsWith("/not-there/")) return new Response("", { status: 404 });
    if (request.url.endsWith("/oauth2/introspect")) return Response.json(introspect(await request.text()));
    return Response.json({
      issuer: `${service.url}/`,
      account_management_uri: `${service.url}/account`,
      grant_types_supported: ["authorization_code", ...grants],
      device_authorization_endpoint: `${service.url}/oauth2/device`,
    });
  });
  return service;
}

function introspect(body: string): object {
  if (new URLSearchParams(body).get("token") !== ACCESS_TOKEN) return { active: false };
  return { active: true, scope: "urn:matrix:client:api:*", username: "alice", sub: "alice", expires_in: 300 };
}
