import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { CLIENT, issue, MATRIX, startProvider } from "../../../packages/http/test/verifiers/authorization-server.ts";
import { RUNTIMES, type ServerProcess, startServer } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

/** Starts a server that asks the authorization server at `url` about every access token, each time anew. */
function startAsking(runtime: Runtime, url: string, secretFile: string): Promise<ServerProcess> {
  const client = ["--introspection-client-id", CLIENT.clientId, "--introspection-client-secret-file", secretFile];
  const flags = ["--store", "memory:", "--mode", "authenticated", "--token-cache", "0", "--log-level", "debug"];
  return startServer(runtime, [...flags, "--introspection-url", url, ...client]);
}

async function creating({ url }: ServerProcess, accessToken: string): Promise<string> {
  const headers = { Authorization: `Bearer ${accessToken}` };
  const answer = await fetch(url + PATH, { method: "POST", headers, body: '{"data":""}' });
  const { errcode = "" } = (await answer.json()) as { errcode?: string };
  return `${answer.status} ${errcode}`.trim();
}

for (const runtime of RUNTIMES) {
  test(`${runtime}: a real authorization server says who may create sessions, and nobody may where it is away`, async () => {
    const folder = temporaryFolder();
    const secretFile = join(folder.path, "secret");
    writeFileSync(secretFile, `${CLIENT.clientSecret}\n`);
    const { server: authorization, provider, url } = await startProvider();
    const server = await startAsking(runtime, url, secretFile);
    const [valid, revoked] = [
      await issue(provider, "alice", `openid ${MATRIX}`),
      await issue(provider, "bob", `openid ${MATRIX}`),
    ];
    await (await provider.AccessToken.find(revoked))?.destroy();
    assert.equal(await creating(server, valid), "200");
    assert.equal(await creating(server, revoked), "401 M_UNKNOWN_TOKEN");
    assert.equal(await creating(server, await issue(provider, "carol", "openid")), "401 M_UNKNOWN_TOKEN");
    assert.equal(await creating(server, await issue(provider, "dave", `openid ${MATRIX}`, -1)), "401 M_UNKNOWN_TOKEN");
    authorization.close();
    authorization.closeAllConnections();
    assert.equal(await creating(server, valid), "503 M_UNKNOWN");
    assert.equal(await server.stop(), 0);
    folder.remove();
  });

  test(`${runtime}: an authorization server that repeats the token in its refusals has it told to nobody`, async () => {
    const folder = temporaryFolder();
    const secretFile = join(folder.path, "secret");
    writeFileSync(secretFile, CLIENT.clientSecret);
    const authorization = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const { token } = Object.fromEntries(new URLSearchParams(String(Buffer.concat(chunks))));
      const status = token?.includes("refused") ? 400 : 200;
      const body = { error: "invalid_request", error_description: `no such token as ${token}`, active: token };
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    }).listen(0, "127.0.0.1");
    await once(authorization, "listening");
    const { port } = authorization.address() as AddressInfo;
    const server = await startAsking(runtime, `http://127.0.0.1:${port}`, secretFile);
    for (const token of ["syt_a_token_that_is_refused", "syt_a_token_that_confuses"]) {
      assert.equal(await creating(server, token), "503 M_UNKNOWN");
    }
    // Which looks for both tokens in what the server wrote.
    assert.equal(await server.stop(), 0);
    assert.match(server.stdout(), /introspection with status 400/);
    assert.match(server.stdout(), /is not what RFC 7662 says/);
    authorization.close();
    authorization.closeAllConnections();
    folder.remove();
  });
}
