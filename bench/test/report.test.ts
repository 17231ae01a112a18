import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Group, Results } from "../src/measurement.ts";
import { number } from "../src/report/cells.ts";
import { chart } from "../src/report/chart.ts";
import { withNumbers } from "../src/report/page.ts";
import { markdownReport, textReport } from "../src/report/report.ts";

const GROUP: Group = {
  name: "CPU & time",
  unit: "µs",
  rows: [
    { name: "bare", rounds: [100, 100, 100], ours: false },
    { name: "ours", rounds: [110, 111, 112], ours: true, against: "bare", budget: { of: "ratio", most: 1.15 } },
    { name: "noisy", rounds: [90, 105, 120], ours: true, against: "bare" },
  ],
};
const RESULTS: Results = {
  date: "2026-11-25T01:02:03.000Z",
  command: "npm run bench",
  machine: { processor: "a processor", cores: 2, memoryGiB: 8, system: "Linux 6", load: 0.05 },
  versions: { Bun: "1.4.5", wrk: "4.1.0" },
  groups: [GROUP],
  failures: { synapse: "Synapse is not there" },
};

test("numbers have three digits that count, and commas between thousands", () => {
  assert.deepEqual([1_234_567.8, 123.4, 12.34, 1.234, -1_234.5, 0].map(number), [
    "1,234,568",
    "123",
    "12.3",
    "1.23",
    "-1,235",
    "0.00",
  ]);
});

test("the terminal's table: numbers to the right, a ratio beside its spread, a refused one in words", () => {
  assert.equal(
    textReport(RESULTS),
    `CPU & time
        µs      spread             ratio       spread  against
bare   100   100 – 100
ours   111   110 – 112              1.11  1.10 – 1.12  bare
noisy  105  90.0 – 120  within the noise               bare

Budgets
                   budget  measured       spread  verdict
CPU & time: ours  ≤ 1.15×      1.11  1.10 – 1.12  met

Not measured: synapse. Synapse is not there`,
  );
});

test("the page's tables say the same, with the machine, the date, the versions and the command", () => {
  const page = markdownReport(RESULTS);
  assert.match(page, /^`npm run bench` on 2026-11-25: a processor, 2 cores, 8 GiB, Linux 6, load 0\.05 before/m);
  assert.match(page, /Bun 1\.4\.5, wrk 4\.1\.0\./);
  assert.ok(page.includes("Not measured: synapse. Synapse is not there"));
  assert.ok(page.includes("| ours | 111 | 110 – 112 | 1.11 | 1.10 – 1.12 | bare |"));
  assert.ok(page.includes("| noisy | 105 | 90.0 – 120 | within the noise |  | bare |"));
  assert.ok(page.includes("| CPU & time: ours | ≤ 1.15× | 1.11 | 1.10 – 1.12 | met |"));
});

test("a page keeps what stands before and after the numbers, however often they are written", () => {
  const page =
    "# Title\n\n<!-- What follows is written by `npm run docs:bench`. -->\nold\n<!-- Until here. -->\n\nThe end.\n";
  const written = withNumbers(page, RESULTS);
  assert.ok(written.startsWith("# Title\n\n<!-- What") && written.endsWith("<!-- Until here. -->\n\nThe end.\n"));
  assert.ok(!written.includes("old") && written.includes(markdownReport(RESULTS)));
  assert.equal(withNumbers(written, RESULTS), written);
  assert.throws(() => withNumbers("# Title", RESULTS), /has no place/);
});

test("the chart has a bar for each row of a charted group, in proportion, and colours for light and for dark", () => {
  const svg = chart({ groups: [{ ...GROUP, isCharted: true }, GROUP] });
  const widths = [...svg.matchAll(/<rect class="(ours|other)" .*?width="([\d.]+)"/g)].map(([, kind, width]) => [
    kind,
    width,
  ]);
  // The greatest number that is shown, 120, is as wide as there is room.
  assert.deepEqual(widths, [
    ["other", (430 * (100 / 120)).toFixed(1)],
    ["ours", (430 * (111 / 120)).toFixed(1)],
    ["ours", (430 * (105 / 120)).toFixed(1)],
  ]);
  assert.ok(svg.includes("CPU &amp; time") && !svg.includes("CPU & time"));
  assert.ok(svg.includes("prefers-color-scheme: dark"));
  assert.ok(!/NaN|undefined/.test(svg));
});
