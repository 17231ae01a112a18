import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import { Redis } from "ioredis";
import { openRedisStore } from "../src/index.ts";
import { NOW, start, tokenOf, writing } from "./client.ts";
import { freePort, Server, startCluster } from "./servers.ts";

const SECRET = "s3cret@/:%?";
/** As docs/stores/redis.md has them. */
const COMMANDS = [
  ..."+evalsha +eval +hget +hmget +hset +del +pexpire +pttl".split(" "),
  ..."+zadd +zrem +zcard +zcount +zscore +zrangebyscore +zremrangebyrank".split(" "),
  ..."+publish +subscribe +unsubscribe +ping".split(" "),
];
const CLUSTER_COMMANDS = [...COMMANDS, "+cluster|slots", "+asking"];

/** Opens, does everything a server does, and gives the warnings. */
async function use(url: string): Promise<string[]> {
  const warnings: string[] = [];
  const store = await openRedisStore(url, { warn: (message) => warnings.push(message) });
  try {
    await start(store, "id");
    const watching = store.watch?.("id", "first", AbortSignal.timeout(20_000));
    assert.equal((await store.write("id", writing("first", "second", "m1"), NOW)).type, "written");
    await watching;
    assert.equal(await tokenOf(store, "id"), "second");
    assert.equal((await store.stats()).sessions, 1);
    await store.sweep(NOW);
    assert.equal((await store.cancel("id", NOW)).type, "cancelled");
    const admission = { owner: "bob", maxSessions: 1, maxSessionsPerOwner: 1, whenFull: "evict-oldest" } as const;
    const session = { payload: new Uint8Array(), sequenceToken: "first", expiresAt: NOW + 60_000 };
    for (const id of ["one", "two"]) assert.equal((await store.create(id, session, admission, NOW)).type, "created");
    await store.cancel("two", NOW);
  } finally {
    await store.close();
  }
  return warnings;
}

/** The message that opening fails with; it must come soon, and hold no secret. */
async function failure(url: string): Promise<string> {
  const since = performance.now();
  const error = await openRedisStore(url).then(
    () => assert.fail("it opened"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof Error);
  assert.ok(performance.now() - since < 8000, "it took too long");
  const text = `${error} ${JSON.stringify(error)} ${error.cause} ${error.stack}`;
  assert.ok(!text.includes(SECRET) && !text.includes(encodeURIComponent(SECRET)), text);
  return error.message;
}

async function withServer(settings: readonly string[], body: (server: Server) => Promise<void>): Promise<void> {
  const server = await Server.start(settings);
  try {
    await body(server);
  } finally {
    await server.stop();
  }
}

test("a database and a prefix of one's own", () =>
  withServer([], async ({ port }) => {
    const at = (place: string) => openRedisStore(`redis://127.0.0.1:${port}${place}`);
    const mine = await at("/3?prefix=mine:");
    const others = await Promise.all(["", "/3", "?prefix=mine:", "/3?prefix=other:"].map(at));
    await start(mine, "id");
    for (const other of others) assert.equal(await tokenOf(other, "id"), "absent");
    const again = await at("/3?prefix=mine:");
    assert.equal(await tokenOf(again, "id"), "first");
    await Promise.all([mine, again, ...others].map((store) => store.close()));
  }));

test("Unix sockets, in each spelling", () =>
  withServer(["unixsocket FOLDER/a b.sock"], async ({ folder }) => {
    const path = `${folder}/a%20b.sock`;
    for (const url of [`unix:${path}`, `unix://${path}?db=2&prefix=mine:`, `unix:${path}?db=3`]) await use(url);
    assert.match(await failure(`unix:${folder}/none.sock`), /^Redis at \/.*none\.sock cannot be used: .*ENOENT/);
  }));

test("users and passwords; what a user must be allowed at least", () =>
  withServer([`requirepass ${SECRET}`, "unixsocket FOLDER/socket"], async ({ port, folder }) => {
    const [place, password] = [`127.0.0.1:${port}`, encodeURIComponent(SECRET)];
    await use(`redis://:${password}@${place}`);
    await use(`redis://default:${password}@${place}?prefix=default:`);
    await use(`unix://:${password}@${folder}/socket?prefix=socket:`);
    const admin = new Redis({ port, password: SECRET });
    const allow = (user: string, ...rules: string[]) =>
      admin.call("acl", "setuser", user, "on", `>${SECRET}`, "~rendezvous:*", ...rules, ...COMMANDS);
    await allow("rendezvous", "&rendezvous:*");
    await allow("deaf", "resetchannels");
    admin.disconnect();
    const [warning, ...others] = await use(`redis://rendezvous:${password}@${place}`);
    assert.match(warning ?? "", /does not say whether it evicts sessions or forgets them: NOPERM/);
    assert.deepEqual(others, []);
    assert.match(await failure(`redis://${place}`), /^Redis at 127\.0\.0\.1:\d+ cannot be used: NOAUTH/);
    assert.match(await failure(`redis://:${password}x@${place}`), /cannot be used: WRONGPASS/);
    assert.match(await failure(`redis://nobody:${password}@${place}`), /cannot be used: WRONGPASS/);
    assert.match(await failure(`redis://rendezvous:${password}@${place}?prefix=other:`), /cannot be used: NOPERM/);
    assert.match(await failure(`redis://deaf:${password}@${place}`), /cannot be used: NOPERM .*channel/);
  }));

test("TLS, with an authority of one's own", async () => {
  const port = await freePort();
  const settings = [`tls-port ${port}`, "tls-cert-file FOLDER/leaf.pem", "tls-key-file FOLDER/leaf.key"];
  const server = await Server.start(
    [...settings, "tls-ca-cert-file FOLDER/ca.pem", "tls-auth-clients no"],
    certificates,
  );
  try {
    const ca = encodeURIComponent(join(server.folder, "ca.pem"));
    await use(`rediss://127.0.0.1:${port}?ca=${ca}`);
    await use(`rediss://localhost:${port}?ca=${ca}`);
    assert.match(await failure(`rediss://127.0.0.1:${port}`), /cannot be used: .*(certificate|issuer)/i);
    assert.match(
      await failure(`rediss://127.0.0.1:${port}?ca=${server.folder}/none.pem`),
      /cannot be used: ENOENT.*none.pem/,
    );
    assert.match(await failure(`redis://:${encodeURIComponent(SECRET)}@127.0.0.1:${port}`), /cannot be used: ./);
    assert.match(await failure(`rediss://127.0.0.1:${server.port}`), /cannot be used: ./);
  } finally {
    await server.stop();
  }
});

test("what cannot be reached, or holds no sessions, is said with its name and the reason", async () => {
  const user = `alice:${encodeURIComponent(SECRET)}@`;
  const port = await freePort();
  assert.match(
    await failure(`redis://${user}127.0.0.1:${port}`),
    /^Redis at 127\.0\.0\.1:\d+ cannot be used: .*ECONNREFUSED/,
  );
  assert.match(await failure(`redis+cluster://${user}127.0.0.1:${port}`), /cannot be used: nothing listens there/);
  assert.match(
    await failure(`redis://${user}none.invalid`),
    /^Redis at none\.invalid:6379 cannot be used: .*(ENOTFOUND|EAI_AGAIN)/,
  );
  await withServer([], async (primary) => {
    assert.match(
      await failure(`redis+cluster://127.0.0.1:${primary.port}`),
      /cannot be used: .*cluster support disabled/,
    );
    await withServer([`replicaof 127.0.0.1 ${primary.port}`], async ({ url }) => {
      assert.match(await failure(url), /cannot be used: it is a replica/);
    });
    primary.signal("SIGSTOP");
    assert.match(await failure(primary.url), /cannot be used: ./);
    primary.signal("SIGCONT");
  });
});

test("a node of a cluster is no server of its own", async () => {
  const nodes = await startCluster();
  try {
    assert.match(
      await failure(nodes[1].url),
      /cannot be used: it is a node of a cluster, whose URL is redis\+cluster:/,
    );
    // One node is enough to find the others.
    assert.equal((await use(`redis+cluster://127.0.0.1:${nodes[2].port}`)).length, nodes.length);
    for (const node of nodes) {
      await node.run(
        "acl",
        "setuser",
        "rendezvous",
        "on",
        `>${SECRET}`,
        "~rendezvous:*",
        "&rendezvous:*",
        ...CLUSTER_COMMANDS,
      );
    }
    const user = `rendezvous:${encodeURIComponent(SECRET)}`;
    for (const warning of await use(`redis+cluster://${user}@127.0.0.1:${nodes[0].port}`)) {
      assert.match(warning, /does not say whether it evicts/);
    }
    assert.match(await failure(`redis+cluster://${user}x@127.0.0.1:${nodes[0].port}`), /cannot be used: WRONGPASS/);
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
  }
});

test("a server that may evict sessions, or forgets them, is warned of; one that does neither is not", async () => {
  await withServer(["appendonly yes", "maxmemory 100mb", "maxmemory-policy noeviction"], async ({ url }) => {
    assert.deepEqual(await use(url), []);
  });
  await withServer(["appendonly yes", "maxmemory-policy allkeys-lru"], async ({ url }) => {
    assert.deepEqual(await use(url), []);
  });
  await withServer(["maxmemory 100mb", "maxmemory-policy volatile-ttl"], async ({ url }) => {
    const [eviction = "", restart = "", ...others] = await use(url);
    assert.match(eviction, /^Redis at 127\.0\.0\.1:\d+ may remove live sessions when its memory is full/);
    assert.match(restart, /^Redis at 127\.0\.0\.1:\d+ forgets sessions when it restarts/);
    assert.deepEqual(others, []);
  });
});

/** An authority, and a certificate that it issued for this machine. */
function certificates(folder: string): void {
  const openssl = (command: string): void => {
    execFileSync("openssl", command.split(" "), { cwd: folder, stdio: "ignore" });
  };
  const key = "-newkey rsa:2048 -nodes -days 2";
  openssl(`req -x509 ${key} -keyout ca.key -out ca.pem -subj /CN=authority -addext keyUsage=keyCertSign`);
  const names = "-addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=CA:FALSE";
  openssl(`req -x509 ${key} -keyout leaf.key -out leaf.pem -subj /CN=localhost ${names} -CA ca.pem -CAkey ca.key`);
}
