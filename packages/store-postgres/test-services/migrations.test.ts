import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import type pg from "pg";
import { outputOf } from "../../store-deno-kv/test/child.ts";
import { openPostgresStore } from "../src/index.ts";
import { startChild } from "./child.ts";
import { freshSchema, POSTGRES_URL, withClient } from "./server.ts";

const PROCESSES = 6;

async function inFreshSchema(body: (client: pg.Client, schema: string) => Promise<void>): Promise<void> {
  const schema = freshSchema();
  await withClient(async (client) => {
    try {
      await body(client, schema);
    } finally {
      await client.query(`drop schema if exists ${schema} cascade`);
    }
  });
}

test("of several processes that start at once one makes the schema, and all of them work", async () => {
  await inFreshSchema(async (client, schema) => {
    // The lock is held until every process waits for it, so that they race for certain.
    const lock = [`migrations of ${schema}`];
    await client.query("select pg_advisory_lock(hashtextextended($1, 0))", lock);
    const outputs = Array.from({ length: PROCESSES }, () =>
      outputOf(startChild("first-start.ts", POSTGRES_URL, schema)),
    );
    const failed = Promise.all(outputs).then(() => assert.fail("nobody waited"));
    await Promise.race([failed, waiters(client, PROCESSES)]);
    await client.query("select pg_advisory_unlock(hashtextextended($1, 0))", lock);
    assert.deepEqual(await Promise.all(outputs), Array(PROCESSES).fill("created\n"));
    const { rows } = await client.query(`select version, (select count(*)::int from ${schema}.sessions)
      from ${schema}.schema_version`);
    assert.deepEqual(rows, [{ version: 1, count: PROCESSES }]);
  });
});

/** Waits until so many connections wait for the lock that this one holds. */
async function waiters(client: pg.Client, count: number): Promise<void> {
  const waiting = `select from pg_locks held join pg_locks waiting using (locktype, database, classid, objid)
    where held.pid = pg_backend_pid() and locktype = 'advisory' and not waiting.granted`;
  while ((await client.query(waiting)).rowCount !== count);
}

test("a schema that is there already is kept as it is", async () => {
  await inFreshSchema(async (client, schema) => {
    await client.query(`create schema ${schema}; create table ${schema}.theirs ()`);
    await (await openPostgresStore(POSTGRES_URL, { schema })).close();
    await (await openPostgresStore(POSTGRES_URL, { schema })).close();
    await client.query(`select from ${schema}.theirs`);
  });
});

test("a migration that fails leaves nothing behind", async () => {
  await inFreshSchema(async (client, schema) => {
    await client.query(`create schema ${schema}; create table ${schema}.counters ()`);
    await assert.rejects(openPostgresStore(POSTGRES_URL, { schema }), /relation "counters" already exists/);
    const { rows } = await client.query("select tablename from pg_tables where schemaname = $1", [schema]);
    assert.deepEqual(rows, [{ tablename: "counters" }]);
    await client.query(`drop table ${schema}.counters`);
    await (await openPostgresStore(POSTGRES_URL, { schema })).close();
  });
});

test("a release does not touch a schema that is newer than it", async () => {
  await inFreshSchema(async (client, schema) => {
    await (await openPostgresStore(POSTGRES_URL, { schema })).close();
    await client.query(`update ${schema}.schema_version set version = 99`);
    await assert.rejects(openPostgresStore(POSTGRES_URL, { schema }), /version 99/);
    const { rows } = await client.query(`select version from ${schema}.schema_version`);
    assert.deepEqual(rows, [{ version: 99 }]);
  });
});
