import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { listening, RUNTIMES, start, startServer } from "./server-process.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const API = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

for (const runtime of RUNTIMES) {
  test(`${runtime}: --playground serves the page, all that it loads, and the API that it speaks to`, async () => {
    execFileSync("node", ["apps/playground/build.ts"], { cwd: ROOT });
    const server = await startServer(runtime, ["--store", "memory:", "--playground", "--base-path", "/matrix"]);
    assert.ok(server.stdout().endsWith(`The playground is at ${server.url}/matrix/playground/\n`));
    await visit(`${server.url}/matrix/playground/`);
    assert.equal((await fetch(`${server.url}/matrix${API}`)).status, 200);
    assert.equal(await server.stop(), 0);
  });

  test(`${runtime}: without the flag, there is no page`, async () => {
    const server = await startServer(runtime, ["--store", "memory:"]);
    assert.equal((await fetch(`${server.url}/playground/`)).status, 404);
    assert.doesNotMatch(server.stdout(), /playground/);
    assert.equal(await server.stop(), 0);
  });
}

test("npm run playground builds the page, serves it, and takes the server's flags", async () => {
  const program = start("npm", ["run", "playground", "--", "--port", "0"], { cwd: ROOT, detached: true });
  const { url } = await listening(program, "bun");
  assert.ok(program.stdout().endsWith(`The playground is at ${url}/playground/\n`));
  await visit(`${url}/playground/`);
  assert.equal((await fetch(url + API, { method: "POST", body: '{"data":""}' })).status, 200);
  // The server is npm's child, and npm does not pass every signal on.
  process.kill(-(program.child.pid ?? 0), "SIGTERM");
  await program.ended;
});

/** Gets the page at `url` and all that it names. */
async function visit(url: string): Promise<void> {
  const answer = await fetch(url);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("Content-Security-Policy") ?? "", /^default-src 'none'; script-src 'self';/);
  const names = [...(await answer.text()).matchAll(/ (?:src|href)="([^"]*)"/g)].map(([, name = ""]) => name);
  assert.deepEqual(names.sort(), ["icon.svg", "page-style.css", "page.js"]);
  for (const name of names) {
    const { ok, headers } = await fetch(url + name);
    assert.ok(ok && headers.get("X-Content-Type-Options") === "nosniff", name);
  }
}
