import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "@matrix-rendezvous/testkit/runner";

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), "utf8");

test("the code of the page about writing a store is the code that is tested", () => {
  const page = read("../docs/write-a-store.md");
  for (const file of ["json-file-store.ts", "test/json-file-store.test.ts"]) {
    assert.ok(page.includes(`\`\`\`ts\n${read(file).trimEnd()}\n\`\`\``), `${file} and the page differ`);
  }
});
