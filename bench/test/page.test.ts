import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Results } from "../src/measurement.ts";
import { WHOLE_RESULTS } from "../src/options.ts";
import { chart } from "../src/report/chart.ts";
import { withNumbers } from "../src/report/page.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("the page and its chart are what the last whole run says: npm run docs:bench writes them", () => {
  const page = read("../../docs/benchmarks.md");
  const results: Results = JSON.parse(readFileSync(WHOLE_RESULTS, "utf8"));
  assert.equal(page, withNumbers(page, results));
  assert.equal(read("../../docs/benchmarks.svg"), chart(results));
});
