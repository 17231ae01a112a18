import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import type pg from "pg";
import { openPostgresStore } from "../src/index.ts";
import { freshSchema, POSTGRES_URL, withClient } from "./server.ts";

const SESSIONS = 1_000_000;
const OWNERS = 100_000;
/** No plan may look at more rows than a sweep removes. */
const MOST_ROWS = 1000;

/** A node of a plan as `auto_explain` reports it. */
interface Plan {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Index Name"?: string;
  readonly "Actual Rows"?: number;
  readonly "Actual Loops"?: number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
}

// Each of the functions, in each of its ways. Sessions n of 1 to a million expire at n; every owner has ten.
const CALLS = [
  "create_session('new-1', 'owner-7', 't', 'x', 3e6, 2e6, 20, false, 0)",
  "create_session('new-2', 'owner-8', 't', 'x', 3e6, 2e6, 10, false, 0)",
  "create_session('new-3', 'owner-9', 't', 'x', 3e6, 2e6, 10, true, 0)",
  "create_session('new-4', 'somebody', 't', 'x', 3e6, 1e6, 20, false, 0)",
  "create_session('new-5', 'somebody', 't', 'x', 3e6, 1e6, 20, false, 5)",
  "create_session('new-6', 'somebody else', 't', 'x', 3e6, 1e6, 20, true, 5)",
  "read_session('id-0500000', 10)",
  "write_session('id-0500000', 'token', 'next', 'x', null, 10)",
  "write_session('id-0500000', 'stale', 'next', 'y', 'transaction', 10)",
  "watch_session('id-0500000', 'next')",
  "watch_session('id-0500000', 'next')",
  "watch_session('id-0500000', 'stale')",
  "cancel_session('id-0500000', 10)",
  "count_all()",
  "sweep_sessions(5000)",
];

/** Calls everything, and gives the plan of each statement that ran in it. */
async function plansOf(client: pg.Client, schema: string): Promise<readonly Plan[]> {
  const plans: Plan[] = [];
  const collect = ({ message = "" }) => {
    const json = message.slice(message.indexOf("{"));
    if (message.includes("plan:")) plans.push(JSON.parse(json).Plan);
  };
  client.on("notice", collect);
  await client.query("begin");
  for (const call of CALLS) await client.query(`select * from ${schema}.${call}`);
  await client.query("rollback");
  client.off("notice", collect);
  return plans.flatMap(flatten);
}

function flatten(plan: Plan): Plan[] {
  return [plan, ...(plan.Plans ?? []).flatMap(flatten)];
}

async function explaining(client: pg.Client): Promise<void> {
  await client.query("load 'auto_explain'");
  const settings = ["log_min_duration = 0", "log_nested_statements = on", "log_analyze = on", "log_format = json"];
  for (const setting of settings) await client.query(`set auto_explain.${setting}`);
  await client.query("set client_min_messages = log");
}

async function fill(client: pg.Client, schema: string): Promise<void> {
  // Neither the log nor the triggers matter here, only where the rows are.
  await client.query(`alter table ${schema}.sessions set unlogged; set session_replication_role = replica`);
  await client.query(`insert into ${schema}.sessions (id, owner, counter, sequence_token, payload, modified_at, expires_at)
    select 'id-' || lpad(n::text, 7, '0'), 'owner-' || n % ${OWNERS}, n % 16, 'token', 'x', 0, n
    from generate_series(1, ${SESSIONS}) n`);
  await client.query(`update ${schema}.counters set sessions = ${SESSIONS / 16}`);
}

function onlyIndexes(plans: readonly Plan[], about: string): void {
  const onSessions = plans.filter((plan) => plan["Relation Name"] === "sessions" && !isWrite(plan));
  const used = new Set(onSessions.map((plan) => plan["Index Name"]));
  assert.deepEqual(used, new Set(["sessions_pkey", "sessions_by_owner", "sessions_by_expiry"]), about);
  for (const plan of onSessions) {
    const looked = (plan["Actual Loops"] ?? 0) * ((plan["Actual Rows"] ?? 0) + (plan["Rows Removed by Filter"] ?? 0));
    assert.ok(
      /^Index (Only )?Scan/.test(plan["Node Type"]) && looked <= MOST_ROWS,
      `${about}: ${JSON.stringify(plan)}`,
    );
  }
}

function isWrite(plan: Plan): boolean {
  return plan["Node Type"] === "ModifyTable";
}

test(`at ${SESSIONS} sessions every statement goes by an index and looks at few rows`, async () => {
  const schema = freshSchema();
  await (await openPostgresStore(POSTGRES_URL, { schema })).close();
  await withClient(async (old) => {
    // This connection made its plans while the table was empty, and keeps them.
    await explaining(old);
    for (let call = 0; call < 10; call += 1) await plansOf(old, schema);
    await withClient((client) => fill(client, schema));
    try {
      onlyIndexes(await plansOf(old, schema), "plans made while the table was empty");
      await old.query(`analyze ${schema}.sessions`);
      onlyIndexes(await plansOf(old, schema), "plans made from statistics");
      // A wrong expectation of this test would show here: without an index the table is read.
      await old.query(`drop index ${schema}.sessions_by_owner`);
      const plans = await plansOf(old, schema);
      assert.throws(() => onlyIndexes(plans, ""));
    } finally {
      await old.query(`drop schema ${schema} cascade`);
    }
  });
});
