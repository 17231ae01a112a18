import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import type { Group, Row } from "../src/measurement.ts";
import { budgeted, estimate, median, ratioOf, verdict, withinNoise } from "../src/statistics.ts";

const row = (name: string, rounds: readonly number[], more: Partial<Row> = {}): Row => ({
  name,
  rounds,
  ours: true,
  ...more,
});
const group = (...rows: readonly Row[]): Group => ({ name: "a group", unit: "µs", rows });

test("the median is the middle, or what lies between the two in the middle", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.ok(Number.isNaN(median([])));
});

test("the least and the greatest of seven rounds do not count for the spread, of fewer they do", () => {
  assert.deepEqual(estimate([9, 1, 2, 3, 4, 5, 6]), { median: 4, low: 2, high: 6, rounds: 7 });
  assert.deepEqual(estimate([9, 1, 2]), { median: 2, low: 1, high: 9, rounds: 3 });
});

test("a ratio is taken round by round, so that what slows down both does not change it", () => {
  const base = row("base", [10, 20, 40]);
  const other = row("other", [15, 30, 60], { against: "base" });
  assert.deepEqual(ratioOf(other, group(base, other)), { median: 1.5, low: 1.5, high: 1.5, rounds: 3 });
  assert.equal(ratioOf(base, group(base, other)), undefined);
});

test("a row that is compared with nothing that was measured is an error", () => {
  const lonely = row("lonely", [1], { against: "nobody" });
  assert.throws(() => ratioOf(lonely, group(lonely)), /lonely cannot be compared with nobody/);
  const uneven = row("uneven", [1, 2], { against: "lonely" });
  assert.throws(() => ratioOf(uneven, group(row("lonely", [1]), uneven)), /no such rounds/);
});

test("a ratio is refused whose spread is no smaller than its difference from 1, whichever side it is on", () => {
  const of = (median: number, low: number, high: number, rounds = 3): boolean =>
    withinNoise({ median, low, high, rounds });
  assert.equal(of(1.1, 1.06, 1.12), false);
  assert.equal(of(1.5, 1.2, 1.7), true);
  assert.equal(of(1.0625, 1, 1.0625), true);
  assert.equal(of(0.8, 0.75, 0.85), false);
  assert.equal(of(0.95, 0.9, 1), true);
  assert.equal(of(20, 18, 23), false);
  assert.equal(of(Number.NaN, Number.NaN, Number.NaN), true);
});

test("a ratio of fewer than three rounds is refused", () => {
  assert.equal(withinNoise({ median: 2, low: 2, high: 2, rounds: 2 }), true);
});

test("a budget is met or missed by all rounds that count, else it is too close to call", () => {
  const most = { of: "value", most: 10 } as const;
  const least = { of: "value", least: 10 } as const;
  const of = (low: number, high: number) => ({ median: (low + high) / 2, low, high, rounds: 3 });
  assert.deepEqual([verdict(most, of(8, 10)), verdict(least, of(10, 12))], ["met", "met"]);
  assert.deepEqual([verdict(most, of(11, 12)), verdict(least, of(8, 9))], ["missed", "missed"]);
  assert.deepEqual([verdict(most, of(9, 11)), verdict(least, of(9, 11))], ["too close to call", "too close to call"]);
  assert.equal(verdict(most, of(Number.NaN, Number.NaN)), "missed");
});

test("a budget is about the value or the ratio, as it says", () => {
  const base = row("base", [2, 2, 2]);
  const value = row("value", [3, 3, 3], { against: "base", budget: { of: "value", most: 3 } });
  const ratio = row("ratio", [3, 3, 3], { against: "base", budget: { of: "ratio", most: 1.5 } });
  const all = group(base, value, ratio);
  assert.equal(budgeted(value, all)?.median, 3);
  assert.equal(budgeted(ratio, all)?.median, 1.5);
  assert.equal(budgeted(base, all), undefined);
});
