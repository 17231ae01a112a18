import assert from "node:assert/strict";
import { conforms, junit, LEVELS, type Report, type Result, tap, text } from "@matrix-rendezvous/testkit/conformance";
import { test } from "@matrix-rendezvous/testkit/runner";
import { parse as parseJunit } from "junit2json";
import { Parser } from "tap-parser";

/** A report with one result of each kind, and words in it that a careless writer stumbles over. */
function reportWith(level: Report["level"]): Report {
  const check = (id: string, of: Report["level"]): Result["check"] => {
    const name = `write: <of> "what" & the #slot \\ holds ${id}`;
    return { id: `2025.write.${id}`, version: "2025", level: of, section: 'MSC4388 "The send mechanism"', name };
  };
  const reason = 'answered 409 {"errcode":"M_#1"} --- ]]> &amp; \\ : - x\ufffd';
  const results: Result[] = [
    { check: check("passes", "must"), outcome: "passed", reason: "", tookMs: 1.5 },
    { check: check("fails", "must"), outcome: "failed", reason, tookMs: 2 },
    { check: check("fails-too", "should"), outcome: "failed", reason, tookMs: 3 },
    { check: check("is-skipped", "must"), outcome: "skipped", reason: "needs # another server", tookMs: 0 },
    {
      check: { ...check("old", "must"), id: "2024.write.old", version: "2024" },
      outcome: "passed",
      reason: "",
      tookMs: 9,
    },
  ];
  const found = { "2025": { mode: "open", prefix: "unstable" } } as const;
  return { baseUrl: "https://example.org", level, found, results, requests: 12 };
}

for (const [level, failures] of [
  ["must", 1],
  ["should", 2],
] as const) {
  test(`at level ${level}, a reader of TAP reads what the report says`, () => {
    const parser = new Parser({ strict: true });
    parser.end(tap(reportWith(level)));
    const { results } = parser;
    assert.ok(results);
    const { ok, count, pass, fail, skip, todo, failures: failed } = results;
    const expected = { ok: false, count: 5, pass: 3, fail: 2, skip: 1, todo: 2 - failures };
    assert.deepEqual({ ok, count, pass, fail, skip, todo }, expected);
    assert.deepEqual(results.plan.end, 5);
    const [first] = failed;
    assert.equal(first?.name, '2025.write.fails write: <of> "what" & the #slot \\ holds fails');
    assert.equal(first?.diag?.message, reportWith(level).results[1]?.reason);
    assert.equal(first?.diag?.level, "must");
    assert.equal(first?.diag?.section, 'MSC4388 "The send mechanism"');
  });

  test(`at level ${level}, a reader of JUnit reads what the report says`, async () => {
    const suites = await parseJunit(junit(reportWith(level)));
    assert.ok(suites && "testsuite" in suites);
    const { tests, skipped, testsuite = [] } = suites as typeof suites & { skipped?: number };
    assert.deepEqual([tests, suites.failures, Number(skipped)], [5, failures, 3 - failures]);
    assert.deepEqual(
      testsuite.map(({ name, tests: number }) => [name, number]),
      [
        ["rendezvous 2025", 4],
        ["rendezvous 2024", 1],
      ],
    );
    const [, fails, failsToo, isSkipped] = testsuite[0]?.testcase ?? [];
    assert.equal(fails?.name, '2025.write.fails write: <of> "what" & the #slot \\ holds fails');
    assert.equal(fails?.classname, "2025.write");
    assert.equal(fails?.failure?.[0]?.message, reportWith(level).results[1]?.reason);
    assert.equal(failsToo?.failure?.length ?? 0, failures - 1);
    assert.equal(isSkipped?.skipped?.[0]?.message, "needs # another server");
  });
}

test("of TAP only what was asked for fails a run", () => {
  const report = reportWith("must");
  const forgiven = { ...report, results: report.results.filter(({ check }) => check.id !== "2025.write.fails") };
  const parser = new Parser({ strict: true });
  parser.end(tap(forgiven));
  assert.equal(parser.results?.ok, true);
  assert.equal(conforms(forgiven), true);
  assert.equal(conforms(report), false);
});

test("a report for people has 80 columns, and colour where it is wanted", () => {
  for (const level of LEVELS) {
    const plain = text(reportWith(level), false);
    for (const line of plain.split("\n")) assert.ok(line.length <= 80, line);
    assert.ok(!plain.includes("\u001b"), "colour that nobody wants");
    assert.ok(text(reportWith(level), true).includes("\u001b["), "no colour");
  }
});
