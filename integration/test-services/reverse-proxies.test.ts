import assert from "node:assert/strict";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { afterAll, vi } from "vitest";
import { listening, NO_RATES, run } from "../../apps/server/test/server-process.ts";
import { documentedYaml } from "../src/documentation.ts";
import { exchange2024 } from "../src/exchange-2024.ts";
import { exchange2025 } from "../src/exchange-2025.ts";
import { CREATE_2024, SESSIONS_2024, STABLE_2025, UNSTABLE_2025 } from "../src/paths.ts";
import { freePort } from "../src/program.ts";
import { type ProductName, type ReverseProxy, startProxy } from "../src/proxies.ts";
import { checksThrough } from "../src/proxy-checks.ts";
import { create2024, sender, validators } from "../src/session-2024.ts";
import { startSynapse, withAuthenticationService } from "../src/synapse.ts";
import { transport } from "../src/transports.ts";

const MAX_PER_OWNER = 50;

const stops: (() => Promise<unknown>)[] = [];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

// The endpoint in it makes Synapse tell clients of the feature. Which it is does not matter: nobody gets there.
const yaml = documentedYaml("reverse-proxies/README.md");
const synapse = await startSynapse({ settings: withAuthenticationService({}), yaml });
stops.push(synapse.stop);

/** What the product does to a long answer of the 2024 version, and to its ETag. */
const TREATMENT = {
  nginx: { encoding: "gzip", etag: (etag: string) => `W/${etag}` },
  Caddy: { encoding: "zstd", etag: (etag: string) => etag },
  Apache: { encoding: "gzip", etag: (etag: string) => etag.replace(/"$/, '-gzip"') },
  // The only one that heeds no-transform.
  HAProxy: { encoding: null, etag: (etag: string) => etag },
} as const;

async function start(product: ProductName, runtime: Runtime): Promise<ReverseProxy> {
  const port = await freePort();
  const proxy = await startProxy(product, { rendezvous: `http://127.0.0.1:${port}`, synapse: synapse.url });
  stops.push(proxy.stop);
  const behind = ["--port", String(port), "--public-url", proxy.url, "--trust-proxy", "127.0.0.1"];
  const rest = ["--mode", "open", "--store", "memory:", "--stable-endpoint", ...NO_RATES];
  const program = run(runtime, [...behind, ...rest, "--max-sessions-per-owner", String(MAX_PER_OWNER)]);
  stops.push((await listening(program, runtime)).stop);
  return proxy;
}

for (const [product, runtime] of [
  ["nginx", "bun"],
  ["Caddy", "node"],
  ["Apache", "deno"],
  ["HAProxy", "bun"],
] as const) {
  const { url } = await start(product, runtime);

  test(`${product}: rendezvous paths come here, others go to Synapse`, async () => {
    const isOurs = async (path: string): Promise<boolean> =>
      (await fetch(url + path)).headers.get("Cache-Control")?.startsWith("no-store") ?? false;
    for (const path of [CREATE_2024, `${SESSIONS_2024}/x`, UNSTABLE_2025, `${UNSTABLE_2025}/x/y`, STABLE_2025]) {
      assert.ok(await isOurs(path), path);
    }
    for (const path of [`${CREATE_2024}x`, `${UNSTABLE_2025}.x`, "/_matrix/client/v3/rendezvous", "/_matrix/x"]) {
      const answer = await fetch(url + path);
      assert.equal(((await answer.json()) as { errcode: string }).errcode, "M_UNRECOGNIZED", path);
      assert.ok(!(await isOurs(path)), path);
    }
    assert.equal((await fetch(`${url}/_synapse/admin/v1/server_version`)).status, 404);
  });

  for (const version of ["HTTP/1.1", "HTTP/2"] as const) {
    const { fetch: fetchFn } = transport(version);
    const send = sender(fetchFn);

    test(`${product}, ${version}: what Synapse says of its features is compressed`, async () => {
      const answer = await send("GET", `${url}/_matrix/client/versions`);
      assert.match(answer.headers.get("Content-Encoding") ?? "", /^(gzip|zstd)$/);
      assert.match(await answer.text(), /"org.matrix.msc4108":true/);
    });

    test(`${product}, ${version}: every answer about a session has what clients read`, async () => {
      const payload = "x".repeat(2000);
      const { url: session, etag } = await create2024(send, url, payload);
      assert.ok(session.startsWith(`${url}/`));

      const read = await send("GET", session);
      assert.equal(read.status, 200);
      assert.equal(read.headers.get("Content-Type"), "text/plain");
      assert.equal(read.headers.get("Content-Encoding"), TREATMENT[product].encoding);
      assert.equal(validators(read).etag, TREATMENT[product].etag(etag));
      assert.equal(await read.text(), payload);

      const asRead = validators(read).etag;
      const unchanged = await send("GET", session, { "If-None-Match": asRead });
      assert.equal(unchanged.status, 304);
      assert.ok(validators(unchanged).etag.includes(etag.slice(1, -1)));

      const written = await send("PUT", session, { "If-Match": asRead }, "two");
      assert.equal(written.status, 202, "the ETag is accepted as the proxy handed it on");
      assert.equal(written.headers.get("Content-Type"), "text/plain");
      const lost = await send("PUT", session, { "If-Match": asRead }, "three");
      assert.equal(lost.status, 412);
      assert.equal(validators(lost).etag, validators(written).etag);

      assert.equal((await send("DELETE", session)).status, 204);
      const gone = await send("GET", session);
      assert.equal(gone.status, 404);
      assert.equal(gone.headers.get("Access-Control-Allow-Origin"), "*");
      assert.equal(((await gone.json()) as { errcode: string }).errcode, "M_NOT_FOUND");
    });

    test(`${product}, ${version}: a preflight is answered here`, async () => {
      const asked = { Origin: "https://app.example.org", "Access-Control-Request-Method": "PUT" };
      const answer = await send("OPTIONS", `${url + SESSIONS_2024}/x`, asked);
      assert.equal(answer.status, 204);
      assert.match(answer.headers.get("Access-Control-Allow-Headers") ?? "", /If-Match, If-None-Match/);
    });
  }

  test(`${product}: whole exchanges, with matrix-js-sdk in the 2024 version and our client in the 2025 version`, async () => {
    const [first, second] = [transport("HTTP/1.1"), transport("HTTP/2")];
    const exchanges = [first, second].flatMap(({ fetch: fetchFn }) => [
      exchange2024({ homeserver: url, fetch: fetchFn }),
      exchange2025({ homeserver: url, fetch: fetchFn }),
    ]);
    for (const where of await Promise.all(exchanges)) assert.ok(where.startsWith(url), where);
  });

  test(`${product}: each client counts by its own address, whatever it says that it is`, async () => {
    const flood = sender(transport("HTTP/1.1", "127.0.0.2").fetch);
    const created = (address: string): Promise<Response> =>
      flood("POST", url + CREATE_2024, { "X-Forwarded-For": address, Forwarded: `for=${address}` }, "");
    const statuses: number[] = [];
    for (let count = 0; count <= MAX_PER_OWNER; count += 1) statuses.push((await created(`192.0.2.${count}`)).status);
    assert.deepEqual(statuses.splice(-1), [429]);
    assert.ok(statuses.every((status) => status === 201));
    const other = sender(transport("HTTP/1.1", "127.0.0.3").fetch);
    await create2024(other, url);
  });

  test(`${product}: Synapse is told which client it is, whatever that says`, async () => {
    const path = `/_matrix/client/versions?through=${product}`;
    const headers = { "X-Forwarded-For": "192.0.2.1", Forwarded: "for=192.0.2.1" };
    await sender(transport("HTTP/1.1", "127.0.0.4").fetch)("GET", url + path, headers);
    const logged = (): string | undefined =>
      synapse
        .output()
        .split("\n")
        .find((text) => text.includes(`GET ${path}`));
    const line = await vi.waitUntil(logged, { timeout: 20_000 });
    assert.ok(line.includes("127.0.0.4"), line);
    assert.ok(!line.includes("192.0.2.1"), line);
  });

  for (const { title, run: check } of checksThrough(product, url)) test(`${product}: ${title}`, check);
}
