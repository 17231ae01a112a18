import process from "node:process";
import fc from "fast-check";

/** How much a property is tried, and from which seed. */
export interface PropertyOptions {
  /** Random cases, 1 or more. @default `TESTKIT_RUNS` of the environment, else 100 */
  readonly runs?: number | undefined;
  /**
   * What makes the same cases again: a failure prints it. An integer.
   * @default `TESTKIT_SEED` of the environment, else one that differs each time
   */
  readonly seed?: number | undefined;
}

/** Under the runner's own limit, so that a failure is shown with its seed and not as a timeout. In milliseconds. */
const TIME_LIMIT_MS = 90_000;

/** @throws Error with the seed and the smallest case found, where the property does not hold */
export async function assertProperty<T>(property: fc.IAsyncProperty<T>, options: PropertyOptions): Promise<void> {
  const seed = options.seed ?? integer("TESTKIT_SEED");
  await fc.assert(property, {
    numRuns: options.runs ?? integer("TESTKIT_RUNS") ?? 100,
    ...(seed === undefined ? {} : { seed }),
    interruptAfterTimeLimit: TIME_LIMIT_MS,
    markInterruptAsFailure: true,
  });
}

function integer(name: string): number | undefined {
  const text = process.env[name];
  if (text === undefined || text === "") return undefined;
  if (!/^-?\d{1,15}$/.test(text)) throw new RangeError(`${name} must be an integer, not ${text}`);
  return Number(text);
}
