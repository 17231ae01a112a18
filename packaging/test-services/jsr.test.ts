import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import process from "node:process";
import { test } from "@matrix-rendezvous/testkit/runner";
import { ROOT } from "../src/packed.ts";

test("JSR would take every package that has a deno.json, with its types as fast as they can be", () => {
  const args = ["publish", "--dry-run", "--allow-dirty"];
  // A test runner that prints in colour asks its children to do so, too.
  const env = { ...process.env, FORCE_COLOR: undefined, NO_COLOR: "1" };
  const { status, stdout, stderr } = spawnSync("deno", args, { cwd: ROOT, encoding: "utf8", env });
  const said = stdout + stderr;
  assert.equal(status, 0, said);
  // Slow types are an error, unless it is told to let them pass.
  assert.match(said, /Checking for slow types/);
  for (const path of globSync(`${ROOT}packages/*/deno.json`)) {
    const { name, version } = JSON.parse(readFileSync(path, "utf8"));
    assert.ok(said.includes(`Simulating publish of ${name}@${version}`), name);
  }
});
