import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, globSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { temporaryFolder } from "../../apps/server/test/temporary-folder.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const CHANGESET = `---
"@matrix-rendezvous/store-redis": minor
---

A store can be shared by two planets.
`;

/** A repository of what is in this one, with its programs. */
function copyOfRepository(target: string): void {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: target, encoding: "utf8" });
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { cwd: ROOT });
  for (const path of listed.toString().trim().split("\n")) {
    cpSync(join(ROOT, path), join(target, path), { recursive: true, force: true });
  }
  symlinkSync(join(ROOT, "node_modules"), join(target, "node_modules"));
  git("init", "--quiet");
  git("add", ".");
  git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message=All of it");
}

test("a changeset of one package gives all the next version, on npm and JSR alike, wherever it is written", () => {
  const folder = temporaryFolder();
  try {
    const root = folder.path;
    const manifest = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));
    const run = (command: string, ...args: string[]): string =>
      execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    copyOfRepository(root);
    const before = manifest("packages/core/package.json").version;
    const next = before.replace(/\.(\d+)\.\d+$/, (_: string, minor: string) => `.${Number(minor) + 1}.0`);
    writeFileSync(join(root, ".changeset/two-planets.md"), CHANGESET);
    run("npm", "run", "--silent", "version");

    assert.equal(globSync(".changeset/*.md", { cwd: root }).length, 0, "it used the changeset up");
    const packages = globSync("{packages,apps}/*/package.json", { cwd: root });
    assert.ok(packages.length > 10);
    for (const path of packages) {
      assert.equal(manifest(path).version, next, path);
      const { private: isPrivate } = manifest(path);
      if (!isPrivate)
        assert.match(readFileSync(join(root, dirname(path), "CHANGELOG.md"), "utf8"), heading(next), path);
    }
    assert.match(readFileSync(join(root, "packages/store-redis/CHANGELOG.md"), "utf8"), /shared by two planets/);
    run("node", "scripts/check-exports.ts");

    // No workspace is left that would take another version than the one that is here, or a lock that says otherwise.
    const left = globSync(["*/package.json", "*/*/package.json", "*/*/deno.json", "package-lock.json"], {
      cwd: root,
      exclude: ["node_modules/**"],
    });
    const range = new RegExp(`"(@matrix-rendezvous/[^"]+|matrix-rendezvous)": "${before.replaceAll(".", "\\.")}"`);
    for (const path of left) assert.doesNotMatch(readFileSync(join(root, path), "utf8"), range, path);
    run("npm", "ci", "--dry-run", "--offline", "--ignore-scripts");
  } finally {
    folder.remove();
  }
});

function heading(version: string): RegExp {
  return new RegExp(`^## ${version.replaceAll(".", "\\.")}$`, "m");
}
