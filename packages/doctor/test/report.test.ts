import assert from "node:assert/strict";
import { DIAGNOSES, type DiagnosisName, printed } from "@matrix-rendezvous/doctor";
import { test } from "@matrix-rendezvous/testkit/runner";
import * as v from "valibot";
import { answersOf, examined, findingsOf } from "./examination.ts";
import { documentation, isDiagnosisThere } from "./page.ts";
import { publishedSchema, ReportSchema } from "./report-schema.ts";
import { startStandIn } from "./stand-in.ts";

test("the published schema is the report's", () => {
  assert.deepEqual(JSON.parse(documentation("doctor.schema.json")), JSON.parse(publishedSchema()));
});

test("every diagnosis is in the documentation, with its sentence and what to change", () => {
  for (const name of Object.keys(DIAGNOSES) as DiagnosisName[]) isDiagnosisThere(name);
});

test("a homeserver as it should be: four times yes, nothing found, nothing left behind", async () => {
  const standIn = await startStandIn();
  const report = await examined({ target: standIn.url, limits: { holdMs: 1_000 } });
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
  assert.equal((await examined({ ...alone, expected: ["2024-new", "2024-existing"] })).ok, true);
  assert.equal((await examined({ ...alone, expected: ["2025-new"] })).ok, false);
  await standIn.close();
});

test("80 columns, and colour only where it is asked for", async () => {
  const standIn = await startStandIn(() => new Response("<html>", { headers: { "Content-Type": "text/html" } }));
  const report = await examined({ target: standIn.url });
  await standIn.close();
  for (const line of printed(report, false).split("\n")) assert.ok(line.length <= 80, line);
  assert.ok(!printed(report, false).includes("\u001b"));
  assert.ok(printed(report, true).includes("\u001b["));
});

test("each step says what was asked, what came back, and what that means", async () => {
  const standIn = await startStandIn();
  const { steps } = await examined({ target: standIn.url, limits: { holdMs: 1_000 } });
  await standIn.close();
  assert.equal(steps.length, 17);
  for (const { id, exchanges, means, outcome } of steps) {
    assert.equal(outcome, "ok", id);
    assert.ok(exchanges.length > 0, `${id} asks nothing`);
    assert.ok(means.length > 0, `${id} means nothing`);
  }
});
