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

const WORKFLOWS = [".github/workflows/ci.yml", ".github/workflows/release.yml"];

/** The commands of a workflow, in order. */
function commandsOf(workflow: string): string[] {
  const { jobs } = parse(readFileSync(ROOT + workflow, "utf8"));
  const steps = Object.values(jobs).flatMap((job) => (job as { steps?: { run?: string }[] }).steps ?? []);
  return steps.flatMap(({ run }) => run ?? []);
}

test("the workflows are workflows, with a limit of time, and zizmor finds no danger in them", () => {
  for (const schema of ["vendor.github-workflows", "custom.github-workflows-require-timeout"]) {
    lint("check-jsonschema", "--builtin-schema", schema, ...WORKFLOWS);
  }
  lint("zizmor", "--offline", "--min-severity", "medium", ".github");
});

test("the workflows do what the local commands do", () => {
  const [ci = "", release = ""] = WORKFLOWS;
  assert.ok(commandsOf(ci).includes("bash .ci/run"));
  const commands = commandsOf(release);
  const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8"));
  for (const command of commands) {
    const [, script] = /^npm run (\S+)/.exec(command) ?? [];
    assert.ok(script === undefined || script in scripts, command);
  }
  // Nothing is published that the local command has not made and checked.
  const made = commands.indexOf("npm run release");
  assert.ok(made > commands.indexOf("npm ci"));
  const published = commands.findIndex((command) => /publish|gh release/.test(command));
  assert.ok(published > made);
});
