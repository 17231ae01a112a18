import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";

const RULES = fileURLToPath(new URL("../../../docs/operate/alerts.yaml", import.meta.url));
const CASES = fileURLToPath(new URL("alerts.yaml", import.meta.url));

function promtool(...args: string[]): void {
  const { status, stdout, stderr, error } = spawnSync("promtool", args, { encoding: "utf8" });
  assert.equal(status, 0, `${error ?? ""}${stdout}${stderr}`);
}

test("Prometheus takes the alert rules", () => promtool("check", "rules", RULES));

test("each alert fires where it must, and where it must not it is silent", () => {
  const cases = readFileSync(CASES, "utf8");
  for (const [, alert] of readFileSync(RULES, "utf8").matchAll(/alert: (\w+)/g)) {
    const outcomes = [...cases.matchAll(new RegExp(`alertname: ${alert}\\s+eval_time: \\w+\\s+exp_alerts:(.*)`, "g"))];
    assert.deepEqual(outcomes.map(([, expected]) => expected?.trim()).sort(), ["", "[]"], alert);
  }
  promtool("test", "rules", CASES);
});

test("each alert says what to do", () => {
  const rules = readFileSync(RULES, "utf8").split("- alert:").slice(1);
  assert.ok(rules.length >= 8);
  for (const rule of rules) assert.match(rule, /^ +runbook: [A-Z].{40,}\.$/m);
});
