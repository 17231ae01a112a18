import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPTIONS } from "@matrix-rendezvous/program";
import { test } from "@matrix-rendezvous/testkit/runner";
import { listening } from "../../server/test/server-process.ts";
import packageJson from "../package.json" with { type: "json" };
import { PROXY_OPTIONS } from "../src/options.ts";
import { RUNTIMES, run, startProxy } from "./proxy-process.ts";
import { openStage } from "./stage.ts";
import { dial, StandIn } from "./wire.ts";

/** Command lines, and all that is said about them. */
const MISTAKES: readonly (readonly [flags: string, ...messages: string[]])[] = [
  ["", "--homeserver is missing: give the base URL of a Synapse, such as http://localhost:8008"],
  [
    "--homeserver localhost:8008 --port 65536",
    '--port cannot be "65536": give an integer from 0 to 65535, 0 for any free port',
    '--homeserver cannot be "localhost:8008": give the base URL of a Synapse, such as http://localhost:8008',
  ],
  ["--homeserver http://a --mode on", '--mode cannot be "on": give off, authenticated or open'],
  ["--homeserver http://a --prot 1", "--prot is unknown: did you mean --port?"],
  ["--homeserver http://a --store", "--store needs a value"],
  ["--homeserver http://a 1", 'there is no command "1": see --help'],
  [
    "--homeserver http://a --trust-proxy nginx",
    '--trust-proxy cannot be "nginx": give addresses or networks with commas between them, such as 127.0.0.1,10.0.0.0/8',
  ],
  [
    "--homeserver http://a --upstream-timeout 5d",
    '--upstream-timeout cannot be "5d": give a duration up to 24h, such as 10m; a number is milliseconds',
  ],
];

for (const runtime of RUNTIMES) {
  test(`${runtime}: every mistake on the command line is named, and the exit code is 2`, async () => {
    for (const [flags, ...messages] of MISTAKES) {
      const program = run(runtime, flags.split(" ").filter(Boolean));
      assert.equal(await program.ended, 2, flags);
      const said = program.stderr().trim().split("\n");
      assert.deepEqual(
        said,
        messages.map((message) => `matrix-rendezvous-proxy: ${message}`),
      );
    }
  });

  test(`${runtime}: --version and --help answer and end`, async () => {
    const version = run(runtime, ["--version"]);
    assert.equal(await version.ended, 0);
    assert.equal(version.stdout(), `${packageJson.version}\n`);
    const help = run(runtime, ["--help"]);
    assert.equal(await help.ended, 0);
    assert.match(help.stdout(), /--host HOST .*127\.0\.0\.1[\s\S]*--homeserver URL +The Synapse/);
  });

  test(`${runtime}: a port in use is one plain sentence`, async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const port = String((taken.address() as AddressInfo).port);
    const program = run(runtime, ["--homeserver", "http://127.0.0.1:9", "--store", "memory:", "--port", port]);
    assert.equal(await program.ended, 1);
    const sentence = `Port ${port} on 127.0.0.1 is in use by another program: stop that, or choose another with --port`;
    assert.equal(program.stderr(), `matrix-rendezvous-proxy: ${sentence}\n`);
    taken.close();
  });

  test(`${runtime}: what comes beyond the requests in hand is refused, unless it is for the homeserver`, async () => {
    const homeserver = createHttpServer((_, response) => response.end("the homeserver's")).listen(0, "127.0.0.1");
    await once(homeserver, "listening");
    const { port } = homeserver.address() as AddressInfo;
    const proxy = await startProxy(runtime, `http://127.0.0.1:${port}`, ["--mode", "open", "--max-in-flight", "1"]);
    const rendezvous = `${proxy.url}/_matrix/client/unstable/io.element.msc4388/rendezvous`;
    const created = await (await fetch(rendezvous, { method: "POST", body: '{"data":""}' })).json();
    const { id, sequence_token } = created as { id: string; sequence_token: string };
    const held = fetch(`${rendezvous}/${id}?since=${sequence_token}&timeout=30000`);
    let refused = await fetch(rendezvous);
    while (refused.status !== 503) refused = await fetch(rendezvous);
    assert.equal(refused.headers.get("Retry-After"), "1");
    assert.equal(await (await fetch(`${proxy.url}/_matrix/x`)).text(), "the homeserver's");
    assert.equal(await proxy.stop(), 0);
    // Which of the two was in hand when the other came is for them to settle.
    await held;
    homeserver.closeAllConnections();
    homeserver.close();
  });

  test(`${runtime}: a cap on connections is kept to, or refused where it cannot be`, async () => {
    const flags = ["--homeserver", "http://127.0.0.1:9", "--store", "memory:", "--port", "0", "--max-connections", "1"];
    const program = run(runtime, flags);
    if (runtime !== "node") {
      assert.equal(await program.ended, 1);
      assert.match(program.stderr(), /Bun and Deno cannot cap connections/);
      return;
    }
    const proxy = await listening(program, runtime);
    const first = await dial(Number(new URL(proxy.url).port));
    const second = await dial(Number(new URL(proxy.url).port));
    await second.closed();
    assert.ok(!first.isClosed);
    first.socket.destroy();
    assert.equal(await proxy.stop(), 0);
  });

  test(`${runtime}: sessions in a file outlive the proxy`, async () => {
    const folder = mkdtempSync(join(tmpdir(), "proxy-store-"));
    const homeserver = await StandIn.listen();
    const flags = ["--mode", "open", "--store", `sqlite:${join(folder, "rendezvous.db")}`];
    const path = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
    const first = await startProxy(runtime, homeserver.url, flags);
    const created = await fetch(first.url + path, { method: "POST", body: '{"data":"kept"}' });
    const { id } = (await created.json()) as { id: string };
    assert.equal(await first.stop(), 0);
    const second = await startProxy(runtime, homeserver.url, flags);
    const read = (await (await fetch(`${second.url}${path}/${id}`)).json()) as { data: string };
    assert.equal(read.data, "kept");
    assert.equal(await second.stop(), 0);
    homeserver.close();
    rmSync(folder, { recursive: true });
  });

  test(`${runtime}: on SIGTERM what is under way goes on to its end, then it exits with 0`, async () => {
    const { proxy, homeserver, through } = await openStage(runtime);
    const up = await through("POST /up HTTP/1.1\nHost: a\nContent-Length: 10\n\nstart");
    const down = await through("GET /down HTTP/1.1\nHost: a\n\n");
    down.homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nhalf");
    await down.client.take(/half$/);
    proxy.child.kill("SIGTERM");
    await assert.rejects(async () => {
      for (;;) (await dial(proxy.port)).socket.destroy();
    });
    down.homeserver.write("half");
    await down.client.take(/half$/);
    up.client.write(" end.");
    await up.homeserver.take(/^start end\.$/);
    up.homeserver.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    await up.client.take(/ok$/);
    assert.equal(await proxy.ended, 0);
    assert.equal(proxy.logged(), "");
    homeserver.close();
  });

  test(`${runtime}: on SIGTERM nobody is waited for who has asked for nothing`, async () => {
    const { proxy, homeserver, client } = await openStage(runtime);
    const [silent, begun] = [await client(""), await client("GET /never HTTP/1.1\nHo")];
    const answered = await client(
      "OPTIONS /_matrix/client/unstable/io.element.msc4388/rendezvous HTTP/1.1\nHost: a\n\n",
    );
    await answered.take(/204/);
    answered.write("GET /never");
    proxy.child.kill("SIGTERM");
    assert.equal(await proxy.ended, 0);
    for (const wire of [begun, answered]) await wire.closed();
    // Bun has the system keep one from it that says nothing, and which then hears of no end.
    silent.socket.destroy();
    homeserver.close();
  });

  test(`${runtime}: a second signal ends it at once`, async () => {
    const { proxy, homeserver, through } = await openStage(runtime);
    const { client } = await through("GET /poll HTTP/1.1\nHost: a\n\n");
    proxy.child.kill("SIGTERM");
    await assert.rejects(async () => {
      for (;;) (await dial(proxy.port)).socket.destroy();
    });
    proxy.child.kill("SIGTERM");
    assert.equal(await proxy.ended, 1);
    client.socket.destroy();
    homeserver.close();
  });
}

test("the page for operators has the flags that are the proxy's own, and no flag that there is not", () => {
  const page = readFileSync(new URL("../../../docs/synapse-proxy.md", import.meta.url), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith("| `--"));
  const flags = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`--([\w-]+)`/g)].map(([, flag]) => flag));
  for (const flag of flags) assert.ok(Object.hasOwn(PROXY_OPTIONS, flag ?? ""), flag);
  const own = Object.keys(PROXY_OPTIONS).filter((name) => !Object.hasOwn(OPTIONS, name));
  for (const name of [...own, "homeserver", "mode"]) assert.ok(flags.includes(name), name);
});
