import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** The part of a homeserver that the server asks. */
export interface Homeserver {
  readonly url: string;
  stop(): void;
}

/**
 * Starts one that knows these access tokens.
 *
 * @param users whose each token is; `undefined` for one at which it fails
 */
export async function startHomeserver(users: ReadonlyMap<string, string | undefined>): Promise<Homeserver> {
  const server = createServer((request, response) => {
    const answer = (status: number, body: object): void => {
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    };
    if (request.url === "/_matrix/client/versions") return answer(200, { versions: ["v1.11"] });
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    const user = users.get(token);
    if (user !== undefined) return answer(200, { user_id: user });
    if (users.has(token)) return answer(500, { errcode: "M_UNKNOWN", error: `the token ${token} broke it` });
    answer(401, { errcode: "M_UNKNOWN_TOKEN", error: `no such token as ${token}` });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
