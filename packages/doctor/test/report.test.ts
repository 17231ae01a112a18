import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { DIAGNOSES, examine, printed } from "@matrix-rendezvous/doctor";
import { test } from "@matrix-rendezvous/testkit/runner";
import * as v from "valibot";
import { answersOf, findingsOf } from "./examination.ts";
import { publishedSchema, ReportSchema } from "./report-schema.ts";
import { startStandIn } from "./stand-in.ts";

const documentation = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8");

test("the published schema is the report's", () => {
  assert.deepEqual(JSON.parse(documentation("doctor.schema.json")), JSON.parse(publishedSchema()));
});

test("every diagnosis is in the documentation, with its sentence and what to change", () => {
  const page = documentation("doctor.md").replaceAll("\\|", "|");
  for (const [name, { effect, says, change }] of Object.entries(DIAGNOSES)) {
    assert.ok(page.includes(`| \`${name}\` | ${effect} | ${says} | ${change} |`), name);
  }
});

test("a homeserver as it should be: four times yes, nothing found, nothing left behind", async () => {
  const standIn = await startStandIn();
  const report = await examine({ target: standIn.url });
  assert.deepEqual(findingsOf(report), []);
  assert.equal(answersOf(report), "yes yes yes yes");
  assert.ok(report.ok);
  v.assert(ReportSchema, JSON.parse(JSON.stringify(report)));
  assert.equal(await standIn.live(), 0);
  await standIn.close();
});

test("a rendezvous server alone, and what is expected of it", async () => {
  const standIn = await startStandIn(undefined, { mode: "authenticated" });
  const alone = { target: standIn.url, rendezvousOnly: true } as const;
  assert.equal((await examine({ ...alone, expected: ["2024-new", "2024-existing"] })).ok, true);
  assert.equal((await examine({ ...alone, expected: ["2025-new"] })).ok, false);
  await standIn.close();
});

test("80 columns, and colour only where it is asked for", async () => {
  const standIn = await startStandIn(() => new Response("<html>", { headers: { "Content-Type": "text/html" } }));
  const report = await examine({ target: standIn.url });
  await standIn.close();
  for (const line of printed(report, false).split("\n")) assert.ok(line.length <= 80, line);
  assert.ok(!printed(report, false).includes("\u001b"));
  assert.ok(printed(report, true).includes("\u001b["));
});
