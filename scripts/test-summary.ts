/**
 * Adds up what the test runs left in `.junit/`, by runtime, and ends with `N passed, N failed`. A suite that should have
 * run and left nothing, or ran no test, fails. `test-summary.ts services` counts the suites that need services, too.
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";

interface Count {
  tests: number;
  failed: number;
  skipped: number;
}

const kinds = process.argv[2] === "services" ? ["test", "services"] : ["test"];
const totals = new Map<string, Count>();
const missing: string[] = [];

for (const manifest of globSync([
  "packages/*/package.json",
  "apps/*/package.json",
  "examples/package.json",
  "integration/package.json",
  "packaging/package.json",
  "deploy/package.json",
  "bench/package.json",
])) {
  const { scripts = {} } = JSON.parse(readFileSync(manifest, "utf8"));
  for (const script of Object.keys(scripts)) {
    const [kind = "", runtime = ""] = script.split(":");
    if (!kinds.includes(kind) || runtime === "") continue;
    const report = `${dirname(manifest)}/.junit/${kind === "test" ? runtime : `services-${runtime}`}.xml`;
    const count = existsSync(report) ? readReport(report) : undefined;
    if (count === undefined || count.tests === 0) missing.push(`${dirname(manifest)}: ${script} ran no test`);
    else add(runtime, count);
  }
}

function readReport(path: string): Count {
  const cases = readFileSync(path, "utf8").split("<testcase ").slice(1);
  const failed = cases.filter((text) => /<(failure|error)[\s>]/.test(text)).length;
  return { tests: cases.length, failed, skipped: cases.filter((text) => /<skipped[\s/>]/.test(text)).length };
}

function add(runtime: string, { tests, failed, skipped }: Count): void {
  const total = totals.get(runtime) ?? { tests: 0, failed: 0, skipped: 0 };
  totals.set(runtime, {
    tests: total.tests + tests,
    failed: total.failed + failed,
    skipped: total.skipped + skipped,
  });
}

let passed = 0;
let failed = missing.length;
for (const [runtime, total] of totals) {
  console.log(`${runtime.padEnd(5)} ${total.tests} tests, ${total.failed} failed, ${total.skipped} skipped`);
  passed += total.tests - total.failed - total.skipped;
  // A test that was switched off is no test that passed.
  failed += total.failed + total.skipped;
}
for (const line of missing) console.error(line);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
