import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { test } from "@matrix-rendezvous/testkit/runner";
import { openPostgresStore } from "../src/index.ts";
import { asPostgres, type Cluster, startCluster } from "./cluster.ts";
import { withClient } from "./server.ts";

const PAGE = new URL("../../../docs/stores/postgres.md", import.meta.url);

/** Runs `body` on a server of its own, on which the page's instructions were followed beside a Synapse's table. */
async function installed(body: (cluster: Cluster, url: URL) => Promise<void>): Promise<void> {
  const cluster = await startCluster();
  try {
    const [, setUp = "", remove = ""] = (await readFile(PAGE, "utf8")).split(/^```sql$/m);
    await withClient((client) => client.query("create database synapse"), cluster.url);
    const synapse = new URL("/synapse", cluster.url).href;
    await withClient((client) => client.query("create table users (name text)"), synapse);
    await withClient((client) => client.query(untilFence(setUp)), synapse);
    const url = new URL(synapse);
    url.username = "matrix_rendezvous";
    url.password = "choose-a-password";
    await body(cluster, url);
    await withClient((client) => client.query(untilFence(remove)), synapse);
    await withClient((client) => client.query("select from users"), synapse);
  } finally {
    await cluster.remove();
  }
}

function untilFence(text: string): string {
  return text.slice(0, text.indexOf("```"));
}

/** Opens the store, uses it, and gives what `pg_stat_activity` and `pg_stat_ssl` say of its connection. */
async function use(
  url: string,
  cluster: Cluster,
): Promise<{ readonly ssl: boolean; readonly client_addr: string | null }> {
  const store: RendezvousStore = await openPostgresStore(url);
  try {
    assert.deepEqual(await store.stats(), { sessions: 0 });
    const of = "from pg_stat_activity join pg_stat_ssl using (pid) where application_name = 'matrix-rendezvous'";
    const { rows } = await withClient((client) => client.query(`select ssl, client_addr ${of}`), cluster.url);
    return rows[0];
  } finally {
    await store.close();
  }
}

test("with the SQL of the page, the store works beside Synapse's tables and cannot reach them", async () => {
  await installed(async (_, url) => {
    const store = await openPostgresStore(url.href);
    const session = { payload: new Uint8Array([1]), sequenceToken: "first", expiresAt: 1000 };
    const admission = { owner: "alice", maxSessions: 1, maxSessionsPerOwner: 1, whenFull: "reject" } as const;
    assert.deepEqual(await store.create("id", session, admission, 0), { type: "created" });
    const write = { expectedToken: "first", nextToken: "second", payload: new Uint8Array([2]) };
    assert.equal((await store.write("id", write, 0)).type, "written");
    assert.deepEqual(await store.cancel("id", 0), { type: "cancelled" });
    await store.close();

    await withClient(async (client) => {
      for (const statement of ["select from users", "create table public.theirs ()", "create schema theirs"]) {
        await assert.rejects(client.query(statement), /permission denied/, statement);
      }
    }, url.href);

    const { host } = url;
    url.password = "swordfish";
    await assert.rejects(openPostgresStore(url.href), (error: Error) => {
      assert.ok(error.message.startsWith(`PostgreSQL at ${host}, database synapse, cannot be used: `), error.message);
      assert.match(error.message, /password authentication failed/);
      assert.doesNotMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /swordfish/);
      return true;
    });
    url.password = "choose-a-password";
    url.searchParams.set("schema", "theirs");
    await assert.rejects(openPostgresStore(url.href), /permission denied for database synapse/);
  });
});

test("over a Unix socket, and over TLS as sslmode says", async () => {
  await installed(async (cluster, url) => {
    const socket = `postgres:///synapse?host=${cluster.folder}&port=${cluster.port}`;
    const { client_addr } = await use(`${socket}&user=matrix_rendezvous&password=choose-a-password`, cluster);
    assert.equal(client_addr, null);

    const certificate = join(cluster.folder, "data/server.crt");
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"];
    const files = ["-keyout", join(cluster.folder, "data/server.key"), "-out", certificate];
    await asPostgres("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", ...subject, ...files]);
    await withClient((client) => client.query("alter system set ssl = on"), cluster.url);
    await cluster.restart();

    assert.equal((await use(url.href, cluster)).ssl, false);
    url.searchParams.set("sslmode", "require");
    assert.equal((await use(url.href, cluster)).ssl, true);
    url.searchParams.set("sslmode", "verify-full");
    await assert.rejects(openPostgresStore(url.href), /self.signed certificate/i);
    url.searchParams.set("sslrootcert", certificate);
    assert.equal((await use(url.href, cluster)).ssl, true);
    url.hostname = "localhost";
    await assert.rejects(openPostgresStore(url.href), /does not match certificate's altnames/);
  });
});
