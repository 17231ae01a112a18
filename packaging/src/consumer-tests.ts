/** What is tested with every runtime: all packages, installed into an empty project. */
import assert from "node:assert/strict";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { afterAll, inject } from "vitest";
import { consumer } from "./consumer.ts";
import { packed } from "./packed.ts";

/** How it is done on a runtime; each a command line, in the project. */
export interface Way {
  readonly install: string;
  /** What the project depends on besides our packages. */
  readonly others: Readonly<Record<string, string>>;
  readonly checkTypes: string;
  /** Each runs a program that uses every package. */
  readonly uses: readonly string[];
  /** Each runs JavaScript that nothing compiled. */
  readonly plain: readonly string[];
  /** Runs the tests of a store. */
  readonly storeTests: string;
}

/** `@matrix-rendezvous/testkit/runner` is imported by the tests of a store alone. */
const MODULES = packed().flatMap(({ manifest }) => Object.keys(manifest.exports ?? {})).length - 1;

/** Types that declarations of others refer to, @hono/node-server's and ioredis' among them. */
export const NODE_TYPES = { "@types/node": "^24.0.0" };

/** The arguments of a `tsc` that is as strict with the declarations as with the program. */
export const STRICT =
  "--strict --module nodenext --target es2024 --types node --outDir compiled library.ts store.test.ts";

export async function consumerTests(runtime: Runtime, way: Way): Promise<void> {
  const project = await consumer(runtime, inject("registry"), way.others);
  afterAll(project.remove);
  await project.run(way.install);

  test(`${runtime}: TypeScript that uses every package has no mistake`, async () => {
    await project.run(way.checkTypes);
  });
  for (const line of way.uses) {
    test(`${line}: uses every package`, async () => {
      assert.match(await project.run(line), new RegExp(`used on ${runtime}`));
    });
  }
  for (const line of way.plain) {
    test(`${line}: imports every module`, async () => {
      assert.match(await project.run(line), new RegExp(`^${MODULES} modules were imported on ${runtime}`));
    });
  }
  test(`${way.storeTests}: the tests of a store`, async () => {
    await project.run(way.storeTests);
  });
}
