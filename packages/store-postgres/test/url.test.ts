import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { targetOf } from "../src/connection.ts";
import { openPostgresStore } from "../src/index.ts";

test("a URL says host, port, database, user and schema, and what is left out is PostgreSQL's default", () => {
  const { config, schema, name } = targetOf(
    "postgres://alice:pass%40word@db.example.org:5433/synapse?schema=mine",
    undefined,
  );
  const { host, port, database, user, password } = config;
  assert.deepEqual([host, port, database, user, password], ["db.example.org", 5433, "synapse", "alice", "pass@word"]);
  assert.equal(schema, "mine");
  assert.equal(name, "PostgreSQL at db.example.org:5433, database synapse");
  assert.equal(targetOf("postgresql://alice@localhost", undefined).schema, "matrix_rendezvous");
  assert.equal(
    targetOf("postgresql://alice@localhost", undefined).name,
    "PostgreSQL at localhost:5432, database alice",
  );
  assert.equal(targetOf("postgres://", undefined).name, "PostgreSQL at localhost:5432, database of the user's name");
  assert.equal(targetOf("postgres://localhost/db?schema=theirs", "mine").schema, "mine");
});

test("a Unix socket is named by its folder", () => {
  const { config, name } = targetOf("postgres:///synapse?host=/run/postgresql&user=alice", undefined);
  assert.deepEqual([config.host, config.user], ["/run/postgresql", "alice"]);
  assert.equal(name, "PostgreSQL at /run/postgresql, database synapse");
});

test("sslmode means what it means to libpq", () => {
  const ssl = (query: string) => targetOf(`postgres://localhost/db?${query}`, undefined).config.ssl;
  assert.equal(ssl(""), undefined);
  assert.equal(ssl("sslmode=disable"), false);
  assert.deepEqual({ ...Object(ssl("sslmode=require")) }, { rejectUnauthorized: false });
  assert.deepEqual({ ...Object(ssl("sslmode=verify-full")) }, {});
});

const WRONG: Record<string, RegExp> = {
  "mysql://alice:swordfish@localhost/db": /starts with postgres:\/\/ or postgresql:\/\//,
  swordfish: /starts with postgres:\/\/ or postgresql:\/\//,
  "postgres://alice:swordfish@localhost:port/db": /^the PostgreSQL URL cannot be used: it is malformed$/,
  "postgres://alice:swordfish%ff@localhost/db": /^the PostgreSQL URL cannot be used: it is malformed$/,
  "postgres://alice:swordfish@localhost/db?sslmode=verify-ca": /sslmode=verify-ca/,
  "postgres://alice:swordfish@localhost/db?sslrootcert=/nowhere/root.crt": /\/nowhere\/root\.crt/,
  "postgres://alice:swordfish@localhost/db?schema=Mine": /schema must be .*, not Mine$/,
  "postgres://alice:swordfish@localhost/db?schema=a%22b": /schema must be/,
};

for (const [url, message] of Object.entries(WRONG)) {
  test(`a wrong URL is refused without repeating a password: ${message}`, async () => {
    await assert.rejects(openPostgresStore(url), (error: Error) => {
      assert.ok(error instanceof TypeError);
      assert.match(error.message, message);
      assert.doesNotMatch(JSON.stringify(error, Object.getOwnPropertyNames(error)), /sword/);
      return true;
    });
  });
}

test("options out of their bounds are refused", async () => {
  for (const options of [
    { maxConnections: 0 },
    { maxConnections: 1.5 },
    { timeoutMs: 99 },
    { timeoutMs: Number.NaN },
  ]) {
    await assert.rejects(openPostgresStore("postgres://localhost/db", options), RangeError);
  }
});
