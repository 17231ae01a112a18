import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import { afterAll } from "vitest";
import { makeCertificate } from "../../../integration/src/certificate.ts";
import { RUNTIMES, startProxy } from "../test/proxy-process.ts";

const folder = mkdtempSync(join(tmpdir(), "proxy-tls-"));
const { certificate, key } = makeCertificate(folder);
const trusting = { NODE_EXTRA_CA_CERTS: certificate, DENO_CERT: certificate };

/** Answers with the name that it was connected to by. */
const homeserver = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (request, response) => {
  const { servername } = request.socket as unknown as { servername: string | false };
  response.end(`${servername} ${request.headers.host}`);
}).listen(0, "127.0.0.1");
await once(homeserver, "listening");
const { port } = homeserver.address() as AddressInfo;

afterAll(() => {
  homeserver.close();
  rmSync(folder, { recursive: true });
});

for (const runtime of RUNTIMES) {
  test(`${runtime}: a homeserver behind TLS is connected to by its own name, and asked by the client's`, async () => {
    const proxy = await startProxy(runtime, `https://localhost:${port}`, ["--mode", "open"], trusting);
    const answer = await fetch(`${proxy.url}/a`);
    assert.equal(await answer.text(), `localhost ${new URL(proxy.url).host}`);
    assert.equal(await proxy.stop(), 0);
  });

  test(`${runtime}: a homeserver whose certificate is not trusted, or another's, is away`, async () => {
    for (const [url, environment] of [
      [`https://localhost:${port}`, {}],
      [`https://127.0.0.1:${port}`, trusting],
    ] as const) {
      const proxy = await startProxy(runtime, url, ["--mode", "open"], environment);
      assert.equal((await fetch(`${proxy.url}/a`)).status, 502);
      assert.equal(await proxy.stop(), 0);
      assert.match(proxy.logged(), /^The homeserver does not answer: .*(certificate|altnames|issuer)/i);
    }
  });
}
