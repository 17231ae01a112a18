/** What an option's value may be: text from a flag, or a number or boolean where the source has those. */
import { trustedProxies } from "@matrix-rendezvous/http";
import * as v from "valibot";

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

const number = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))]),
  v.safeInteger(),
);

/** A whole number between two others, both included; as text in decimal digits. */
export function integer(least: number, most: number): v.GenericSchema<unknown, number> {
  return v.pipe(number, v.minValue(least), v.maxValue(most));
}

/** Milliseconds; as text also with a unit: `300s`, `5m`. */
export function duration(leastMs: number, mostMs: number): v.GenericSchema<unknown, number> {
  const withUnit = v.pipe(v.string(), v.regex(/^\d+(ms|s|m|h)$/), v.transform(milliseconds));
  return v.pipe(v.union([number, withUnit]), v.minValue(leastMs), v.maxValue(mostMs));
}

/** How fast one owner may go, in Synapse's words; as text `PER_SECOND:BURST`. */
export interface Rate {
  /** How fast the budget fills up again, 0.001 to 1,000,000. */
  readonly per_second: number;
  /** How much it holds, an integer of 1 to 1,000,000. */
  readonly burst_count: number;
}

const MOST_REQUESTS = 1_000_000;
const rateObject = v.strictObject({
  per_second: v.pipe(v.number(), v.minValue(0.001), v.maxValue(MOST_REQUESTS)),
  burst_count: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(MOST_REQUESTS)),
});

/** A rate, or `off` for none. */
export const rate: v.GenericSchema<unknown, Rate | "off"> = v.union([
  v.literal("off"),
  rateObject,
  v.pipe(
    v.string(),
    v.regex(/^\d+(\.\d+)?:\d+$/),
    v.transform((text) => {
      const [per_second, burst_count] = text.split(":").map(Number);
      return { per_second, burst_count };
    }),
    rateObject,
  ),
]);

/** Yes or no; as text `true` or `false`. */
export const toggle: v.GenericSchema<unknown, boolean> = v.union([
  v.boolean(),
  v.pipe(
    v.picklist(["true", "false"]),
    v.transform((word) => word === "true"),
  ),
]);

/** Text in which `pattern` is found: anchored at both ends, it has to fit all of it. */
export function text(pattern: RegExp): v.GenericSchema<unknown, string> {
  return v.pipe(v.string(), v.regex(pattern));
}

/** An absolute http or https URL with neither query nor fragment, and no password: a request to such a one is refused. */
export const httpUrl: v.GenericSchema<unknown, string> = v.pipe(
  v.string(),
  v.url(),
  v.regex(/^https?:\/\/[^/?#\s@]+(\/[^?#\s]*)?$/),
);

/** A list of addresses and networks; as text, with commas between them. */
export const networks: v.GenericSchema<unknown, string[]> = v.pipe(
  v.union([
    v.array(v.string()),
    v.pipe(
      v.string(),
      v.transform((list) =>
        list
          .split(",")
          .map((item) => item.trim())
          .filter(Boolean),
      ),
    ),
  ]),
  v.check((items) => items.every(isNetwork)),
);

function isNetwork(item: string): boolean {
  try {
    trustedProxies([item]);
    return true;
  } catch {
    return false;
  }
}

function milliseconds(value: string): number {
  const unit = /[a-z]+$/.exec(value)?.[0] as keyof typeof UNITS;
  return Number.parseInt(value, 10) * UNITS[unit];
}
