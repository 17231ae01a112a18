/** Writes the numbers of the last whole run into the page of the documentation, and draws its chart. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Results } from "./measurement.ts";
import { WHOLE_RESULTS } from "./options.ts";
import { chart } from "./report/chart.ts";
import { withNumbers } from "./report/page.ts";

const PAGE = new URL("../../docs/benchmarks.md", import.meta.url);
const CHART = new URL("../../docs/benchmarks.svg", import.meta.url);

const results: Results = JSON.parse(readFileSync(WHOLE_RESULTS, "utf8"));
writeFileSync(PAGE, withNumbers(readFileSync(PAGE, "utf8"), results));
writeFileSync(CHART, chart(results));
