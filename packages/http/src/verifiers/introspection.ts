import * as oauth from "oauth4webapi";
import type { AccessTokenVerifier, Verdict } from "../auth.ts";

/** Whom to ask, and as whom. */
export interface IntrospectionOptions {
  /** The introspection endpoint of the authorization server; `http` is for one on the same machine. */
  readonly url: string;
  /** As whom to ask; the client must be allowed to introspect. */
  readonly clientId: string;
  /** That client's secret: never log it. */
  readonly clientSecret: string;
  /** How long to wait for the answer, in milliseconds. Sign-ins wait as long. @default 5000 */
  readonly timeoutMs?: number | undefined;
}

/** The scopes that give access to the Client-Server API, stable and as MSC2967 had it before. */
const CLIENT_API_SCOPES = ["urn:matrix:client:api:*", "urn:matrix:org.matrix.msc2967.client:api:*"];

/**
 * Asks the authorization server whose a token is: OAuth 2.0 Token Introspection, RFC 7662. A token without the scope of
 * the Client-Server API is as good as none, as in Synapse.
 */
export function introspectionVerifier(options: IntrospectionOptions): AccessTokenVerifier {
  const { url, clientId, clientSecret, timeoutMs = 5_000 } = options;
  const server: oauth.AuthorizationServer = { issuer: new URL(url).origin, introspection_endpoint: url };
  const client: oauth.Client = { client_id: clientId };
  const authentication = oauth.ClientSecretBasic(clientSecret);
  const allowHttp = url.startsWith("http:");
  return {
    async verify(accessToken): Promise<Verdict> {
      const answer = await oauth.introspectionRequest(server, client, authentication, accessToken, {
        additionalParameters: { token_type_hint: "access_token" },
        signal: AbortSignal.timeout(timeoutMs),
        [oauth.allowInsecureRequests]: allowHttp,
      });
      if (answer.status !== 200) {
        await answer.body?.cancel();
        throw new Error(`The authorization server answered introspection with status ${answer.status}`);
      }
      return verdict(await introspection(answer));
    },
  };

  async function introspection(answer: Response): Promise<oauth.IntrospectionResponse> {
    try {
      return await oauth.processIntrospectionResponse(server, client, answer);
    } catch {
      // The library's error has the whole answer in it, which may repeat the token.
      throw new Error("The authorization server's answer to introspection is not what RFC 7662 says");
    }
  }
}

function verdict({ active, scope = "", username, sub }: oauth.IntrospectionResponse): Verdict {
  const userId = username ?? sub;
  const scopes = scope.split(" ");
  if (!active || !CLIENT_API_SCOPES.some((wanted) => scopes.includes(wanted))) return { type: "unknown" };
  // A token that no user stands behind is a program's; there is nobody to count its sessions against.
  return userId === undefined ? { type: "forbidden" } : { type: "user", userId };
}
