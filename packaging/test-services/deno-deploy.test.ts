import assert from "node:assert/strict";
import { hash } from "node:crypto";
import { once } from "node:events";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@matrix-rendezvous/testkit/runner";
import { afterAll, inject } from "vitest";
import { type Program, start } from "../../apps/server/test/server-process.ts";
import { ask, create } from "../../apps/server/test/sessions.ts";
import { codeBlocks } from "../../scripts/code-blocks.ts";
import { environment } from "../src/command.ts";
import { isOurs, packed, ROOT } from "../src/packed.ts";

const home = mkdtempSync(join(tmpdir(), "deno-deploy-"));
afterAll(() => rmSync(home, { recursive: true }));
const env = await environment(home, inject("registry"));

test("what the page about Deno Deploy tells its reader to do makes a server, of the packages", async () => {
  const folder = join(home, "application");
  mkdirSync(folder);
  copyFileSync(`${ROOT}examples/deno-deploy.ts`, join(folder, "main.ts"));
  const [json] = codeBlocks(`${ROOT}docs/deploy/deno-deploy.md`).filter(({ language }) => language === "json");
  // There is no JSR to publish to here; the page says that it is the same with npm.
  writeFileSync(join(folder, "deno.json"), json?.code.replaceAll("jsr:", "npm:") ?? "");

  const words = ["serve", "-A", "--host", "127.0.0.1", "--port", "0", "main.ts"];
  const program = start("deno", words, { cwd: folder, env: { ...env, NO_COLOR: "1", DENO_KV_PATH: "kv.db" } });
  try {
    const url = await serving(program);
    const { id } = await create(url, "hello");
    assert.equal((await ask(url, "GET", `/${id}`)).body["data"], "hello");
    assert.ok(existsSync(join(folder, "kv.db")));
  } finally {
    program.child.kill("SIGTERM");
    await program.ended;
  }
  assert.deepEqual(oursLocked(folder), tarballs(["core", "http", "store-deno-kv"]));
});

/** Where it listens, once it does. */
async function serving(program: Program): Promise<string> {
  let ended = false;
  void program.ended.then(() => (ended = true));
  // It says what it downloads, too, and from where.
  const line = /Listening on (http:\/\/127\.0\.0\.1:\d+)\//;
  while (!line.test(program.stderr())) {
    if (ended) throw new Error(`deno serve ended: ${program.stderr()}`);
    await Promise.race([program.ended, once(program.child.stderr ?? program.child, "data")]);
  }
  return line.exec(program.stderr())?.[1] ?? "";
}

/** Which of our packages it took, and the hash of each one's tarball. */
function oursLocked(folder: string): Record<string, string> {
  const lock: { npm: Record<string, { integrity: string }> } = JSON.parse(
    readFileSync(join(folder, "deno.lock"), "utf8"),
  );
  const ours = Object.entries(lock.npm).filter(([name]) => isOurs(name));
  return Object.fromEntries(ours.map(([name, { integrity }]) => [name, integrity]));
}

function tarballs(names: readonly string[]): Record<string, string> {
  const wanted = packed().filter(({ manifest }) => names.includes(manifest.name.replace("@matrix-rendezvous/", "")));
  return Object.fromEntries(
    wanted.map(({ manifest, tarball }) => [
      `${manifest.name}@${manifest.version}`,
      `sha512-${hash("sha512", readFileSync(tarball), "base64")}`,
    ]),
  );
}
