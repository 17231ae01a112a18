import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { parse } from "yaml";
import { run } from "../../apps/server/test/server-process.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const COMPOSITION = "docs/deploy/compose.yaml";

/** Runs a linter of `scripts/services/linters.sh` on files of this repository. @throws Error with what it finds */
function lint(linter: string, ...args: readonly string[]): void {
  execFileSync(`${ROOT}.services/linters/bin/${linter}`, args, { cwd: ROOT, stdio: "pipe", encoding: "utf8" });
}

test("hadolint finds nothing in the Dockerfile", () => {
  lint("hadolint", "deploy/container/Dockerfile");
});

test("the composition is one, and this server accepts what it is given there", async () => {
  lint("check-jsonschema", "--builtin-schema", "vendor.compose-spec", COMPOSITION);
  const { services } = parse(readFileSync(ROOT + COMPOSITION, "utf8"));
  const check = run("node", ["config", "check"], services.rendezvous.environment);
  assert.equal(await check.ended, 0, check.stderr());
  assert.equal(check.stderr(), "");
});
