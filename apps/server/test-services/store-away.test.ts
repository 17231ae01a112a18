import assert from "node:assert/strict";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { startCluster } from "../../../packages/store-postgres/test-services/cluster.ts";
import { Server as RedisServer } from "../../../packages/store-redis/test-services/servers.ts";
import { run, startServer } from "../test/server-process.ts";
import { ask, create, write } from "../test/sessions.ts";

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";
/** What a request may take while the store is away, in milliseconds: the stores' own two seconds, and some load. */
const PATIENCE_MS = 5_000;

/** A database of the test's own, which can go away and come back. */
interface Engine {
  readonly url: string;
  leave(): Promise<void>;
  comeBack(): Promise<void>;
  remove(): Promise<void>;
}

const ENGINES: Readonly<Record<string, () => Promise<Engine>>> = {
  async "Redis that is stopped and started again"() {
    const server = await RedisServer.start(["appendonly yes", "appendfsync always"]);
    return {
      url: server.url,
      leave: () => server.kill(),
      comeBack: () => server.restart(),
      remove: () => server.stop(),
    };
  },
  async "Redis that hangs"() {
    const server = await RedisServer.start();
    const signal = async (name: "SIGSTOP" | "SIGCONT"): Promise<void> => server.signal(name);
    return {
      url: server.url,
      leave: () => signal("SIGSTOP"),
      comeBack: () => signal("SIGCONT"),
      remove: () => server.stop(),
    };
  },
  async "PostgreSQL that crashes and is started again"() {
    const { url, crash, start, remove } = await startCluster();
    return { url, leave: crash, comeBack: start, remove };
  },
};

async function assertUnavailable(url: string, path: string): Promise<void> {
  const answer = await fetch(url + PATH + path, { signal: AbortSignal.timeout(PATIENCE_MS) });
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("Access-Control-Allow-Origin"), "*");
  assert.ok(Number(answer.headers.get("Retry-After")) >= 1);
  const body = (await answer.json()) as Record<string, unknown>;
  assert.equal(body["errcode"], "M_UNKNOWN");
  assert.equal(body["error"], "Sessions cannot be reached at the moment");
}

/** Asks until the store is back; the server is not started again. */
async function untilBack(url: string, path: string): Promise<void> {
  const patience = AbortSignal.timeout(30_000);
  for (;;) {
    const answer = await fetch(url + PATH + path, { signal: patience });
    await answer.body?.cancel();
    if (answer.status !== 503) return assert.equal(answer.status, 200);
  }
}

const RUNTIMES: readonly Runtime[] = ["node", "bun", "deno"];

for (const [index, [name, start]] of Object.entries(ENGINES).entries()) {
  const runtime = RUNTIMES[index % RUNTIMES.length] ?? "node";
  test(`${name}: 503 in bounded time, nothing lost, and it works again by itself (${runtime})`, async () => {
    const engine = await start();
    const server = await startServer(runtime, [], { RENDEZVOUS_STORE: engine.url });
    try {
      const slot = await create(server.url, "one");
      const written = await write(server.url, slot, "two");
      await engine.leave();
      await assertUnavailable(server.url, `/${slot.id}`);
      assert.equal((await write(server.url, slot, "three")).status, 503);
      await engine.comeBack();
      await untilBack(server.url, `/${slot.id}`);
      const { body } = await ask(server.url, "GET", `/${slot.id}`);
      assert.deepEqual([body["data"], body["sequence_token"]], ["two", written.body["sequence_token"]]);
      assert.equal(await server.stop(), 0);
    } finally {
      server.child.kill("SIGKILL");
      await engine.remove();
    }
  });
}

const UNREACHABLE = [
  ["redis://user:hunter2@127.0.0.1:1", /^matrix-rendezvous: Redis at 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/],
  [
    "postgres://user:hunter2@127.0.0.1:1/db",
    /^matrix-rendezvous: PostgreSQL at 127\.0\.0\.1:1, database db, cannot be used: .*ECONNREFUSED/,
  ],
  ["redis://no-such-host.invalid", /^matrix-rendezvous: Redis at no-such-host\.invalid:6379 cannot be used: /],
] as const;

for (const runtime of RUNTIMES) {
  test(`${runtime}: a store that cannot be reached at the start is named, with the reason and without its password`, async () => {
    for (const [store, message] of UNREACHABLE) {
      const program = run(runtime, ["--mode", "open", "--port", "0"], { RENDEZVOUS_STORE: store });
      assert.equal(await program.ended, 1);
      assert.match(program.stderr(), message);
      assert.equal(program.stderr().trim().split("\n").length, 1);
      assert.doesNotMatch(program.stdout() + program.stderr(), /hunter2/);
    }
  });
}
