import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES, startServer } from "../test/server-process.ts";
import { create, write } from "../test/sessions.ts";

const RULES = fileURLToPath(new URL("../../../docs/operate/alerts.yaml", import.meta.url));
const CASES = fileURLToPath(new URL("alerts.yaml", import.meta.url));

function promtool(args: readonly string[], input = ""): void {
  const { status, stdout, stderr, error } = spawnSync("promtool", args, { encoding: "utf8", input });
  assert.equal(status, 0, `${error ?? ""}${stdout}${stderr}`);
}

test("Prometheus takes the alert rules", () => promtool(["check", "rules", RULES]));

test("each alert fires where it must, and where it must not it is silent", () => {
  const cases = readFileSync(CASES, "utf8");
  for (const [, alert] of readFileSync(RULES, "utf8").matchAll(/alert: (\w+)/g)) {
    const outcomes = [...cases.matchAll(new RegExp(`alertname: ${alert}\\s+eval_time: \\w+\\s+exp_alerts:(.*)`, "g"))];
    assert.deepEqual(outcomes.map(([, expected]) => expected?.trim()).sort(), ["", "[]"], alert);
  }
  promtool(["test", "rules", CASES]);
});

for (const runtime of RUNTIMES) {
  test(`${runtime}: the metrics are as Prometheus' conventions want them`, async () => {
    const server = await startServer(runtime, ["--store", "memory:", "--ops-port", "0"]);
    const { id, token } = await create(server.url, "one");
    await write(server.url, { id, token }, "two");
    const page = await (await fetch(`${server.opsUrl}/metrics`)).text();
    // The others are the library's, which calls three gauges totals.
    const ours = page.split("\n").filter((line) => /^(# (HELP|TYPE) )?rendezvous_/.test(line));
    assert.ok(ours.length > 20);
    promtool(["check", "metrics"], `${ours.join("\n")}\n`);
    assert.equal(await server.stop(), 0);
  });
}

test("each alert says what to do", () => {
  const rules = readFileSync(RULES, "utf8").split("- alert:").slice(1);
  assert.ok(rules.length >= 9);
  for (const rule of rules) assert.match(rule, /^ +runbook: [A-Z].{40,}\.$/m);
});
