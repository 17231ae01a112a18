import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES, type ServerProcess, startServer } from "./server-process.ts";
import { create, write } from "./sessions.ts";

const UNSTABLE = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

interface Session {
  readonly id: string;
  readonly sequence_token: string;
}

/** A walk through a session that ends in a conflict and a cancellation, and all of it that nobody may see. */
async function walk(server: ServerProcess): Promise<string[]> {
  const url = server.url + UNSTABLE;
  const send = (method: string, path: string, body?: object): Promise<Response> =>
    fetch(url + path, body ? { method, body: JSON.stringify(body) } : { method });
  const { id, sequence_token } = (await (await send("POST", "", { data: "first payload" })).json()) as Session;
  await send("GET", `/${id}`);
  await send("PUT", `/${id}/transaction-of-a-client`, { sequence_token, data: "second payload" });
  await send("PUT", `/${id}`, { sequence_token, data: "third payload" });
  await send("DELETE", `/${id}`);
  await send("GET", `/${id}`);
  return [id, sequence_token, "first payload", "second payload", "third payload", "transaction-of-a-client"];
}

async function page(url: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(url);
  return { status: answer.status, text: await answer.text() };
}

for (const runtime of RUNTIMES) {
  test(`${runtime}: metrics count what happened, and neither they nor the log tell a secret`, async () => {
    const flags = ["--store", "memory:", "--ops-port", "0", "--log-level", "debug"];
    const server = await startServer(runtime, flags);
    const secrets = await walk(server);
    const { text } = await page(`${server.opsUrl}/metrics`);
    for (const [operation, outcome] of [
      ["create", "created"],
      ["write", "written"],
      ["write", "conflict"],
      ["cancel", "cancelled"],
      ["read", "absent"],
    ]) {
      const line = `rendezvous_store_operations_total{operation="${operation}",outcome="${outcome}"} 1`;
      assert.ok(text.split("\n").includes(line), line);
    }
    assert.match(text, /^rendezvous_http_requests_total\{route="[^"]+\/:id",method="PUT",status="409"\} 1$/m);
    assert.match(text, /^rendezvous_sessions 0$/m);
    assert.match(text, /^rendezvous_sessions_limit 10000$/m);
    assert.match(text, /^nodejs_eventloop_lag_seconds /m);
    assert.equal(await server.stop(), 0);
    assert.match(server.stdout(), new RegExp(`"session":"${secrets[0]?.slice(0, 6)}"`));
    for (const secret of secrets) {
      assert.ok(!`${text}${server.stdout()}${server.stderr()}`.includes(secret), "a secret was told");
    }
  });

  test(`${runtime}: metrics tell sessions that expire unread from those that were read`, async () => {
    const server = await startServer(runtime, ["--store", "memory:", "--ops-port", "0", "--session-ttl", "3s"]);
    await create(server.url, "nobody scans this code");
    assert.equal((await write(server.url, await create(server.url, "scanned"), "answered")).status, 200);
    const expired = async (): Promise<string[]> => {
      const { text } = await page(`${server.opsUrl}/metrics`);
      return text.split("\n").filter((line) => line.startsWith("rendezvous_sessions_expired_total{"));
    };
    const wanted = ["yes", "no", "unknown"].map(
      (read) => `rendezvous_sessions_expired_total{read="${read}"} ${read === "unknown" ? 0 : 1}`,
    );
    const patience = AbortSignal.timeout(10_000);
    let told = await expired();
    while (told.join() !== wanted.join() && !patience.aborted) told = await expired();
    assert.deepEqual(told, wanted);
    assert.equal(await server.stop(), 0);
  });

  test(`${runtime}: by default only errors and cancellations are logged, each in one line`, async () => {
    const flags = ["--store", "memory:", "--homeserver", "http://127.0.0.1:9", "--mode"];
    const [open, authenticated] = [
      await startServer(runtime, [...flags, "open"]),
      await startServer(runtime, [...flags, "authenticated"]),
    ];
    await walk(open);
    const headers = { Authorization: "Bearer a_token_of_nobody_knows_whom" };
    assert.equal((await fetch(authenticated.url + UNSTABLE, { headers })).status, 503);
    for (const [server, wanted] of [
      [open, { level: "info", msg: "session cancelled", status: 200 }],
      [authenticated, { level: "error", msg: "request", status: 503 }],
    ] as const) {
      assert.equal(await server.stop(), 0);
      const [, ...lines] = server.stdout().trim().split("\n");
      const told = lines.map((line) => JSON.parse(line) as Record<string, string>);
      assert.deepEqual(
        told.map(({ level, msg, status }) => ({ level, msg, status })),
        [wanted],
      );
      assert.match(told[0]?.["requestId"] ?? "", /^[\da-f-]{36}$/);
    }
  });

  test(`${runtime}: health tells a server that lives from one that can serve`, async () => {
    const flags = ["--store", "memory:", "--ops-port", "0", "--homeserver", "http://127.0.0.1:1"];
    const server = await startServer(runtime, flags);
    assert.equal((await page(`${server.url}/health`)).status, 200);
    assert.equal((await page(`${server.opsUrl}/health/live`)).status, 200);
    const ready = await page(`${server.opsUrl}/health/ready`);
    assert.equal(ready.status, 503);
    assert.deepEqual(JSON.parse(ready.text), {
      status: "unavailable",
      checks: { server: "ok", store: "ok", homeserver: "unreachable" },
    });
    const { text } = await page(`${server.opsUrl}/metrics`);
    assert.match(text, /^rendezvous_ready\{part="store"\} 1\nrendezvous_ready\{part="homeserver"\} 0$/m);
    assert.equal((await page(`${server.url}/metrics`)).status, 404);
    assert.equal(await server.stop(), 0);
  });
}
