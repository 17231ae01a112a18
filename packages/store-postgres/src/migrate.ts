import pg from "pg";
import type { Target } from "./connection.ts";
import { VERSIONS } from "./schema.ts";

/** Longer than an operation may take: at first start several processes wait here for one of them. */
const TIMEOUT_MS = 30_000;

/** Brings the schema to this release's version. Any number of processes may do so at the same time. */
export async function migrate({ config, schema: name }: Target, connectMs: number): Promise<void> {
  const client = new pg.Client({ ...config, connectionTimeoutMillis: connectMs, query_timeout: TIMEOUT_MS });
  // A connection that breaks between two statements says so here too; the next statement rejects.
  client.on("error", () => {});
  const schema = `"${name}"`;
  try {
    await client.connect();
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtextextended($1, 0))", [`migrations of ${name}`]);
    // `create schema if not exists` wants the right to create even where there is nothing to create.
    const { rowCount } = await client.query("select from pg_namespace where nspname = $1", [name]);
    if (rowCount === 0) await client.query(`create schema ${schema}`);
    await client.query(`create table if not exists ${schema}.schema_version (version integer not null)`);
    const { rows } = await client.query<{ version: number }>(`select version from ${schema}.schema_version`);
    const version = rows[0]?.version ?? 0;
    if (version > VERSIONS.length) {
      throw new Error(`its schema ${name} has version ${version}; this release knows none after ${VERSIONS.length}`);
    }
    for (const script of VERSIONS.slice(version)) await client.query(script(name));
    await client.query(`delete from ${schema}.schema_version`);
    await client.query(`insert into ${schema}.schema_version values ($1)`, [VERSIONS.length]);
    await client.query("commit");
  } finally {
    await client.end();
  }
}
