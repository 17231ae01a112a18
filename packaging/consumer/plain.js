/** Every module that the packages export, imported by its name; and one request, in JavaScript that nothing compiled. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import process from "node:process";
import { memoryStore } from "@matrix-rendezvous/core";
import { createHandler } from "@matrix-rendezvous/http";

const runtime = "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node";
assert.equal(runtime, process.env["EXPECTED_RUNTIME"]);

const SCOPE = "node_modules/@matrix-rendezvous";
/** Only inside of a test runner: another program is for it. */
const NOT_HERE = ["@matrix-rendezvous/testkit/runner"];
let imported = 0;
for (const name of readdirSync(SCOPE)) {
  const { exports = {} } = JSON.parse(readFileSync(`${SCOPE}/${name}/package.json`, "utf8"));
  for (const path of Object.keys(exports)) {
    const specifier = `@matrix-rendezvous/${name}${path.slice(1)}`;
    if (NOT_HERE.includes(specifier)) continue;
    assert.ok(
      Object.values(await import(specifier)).some((value) => typeof value === "function"),
      specifier,
    );
    imported += 1;
  }
}

const handler = createHandler({ store: memoryStore(), mode: "open" });
const url = "http://localhost/_matrix/client/unstable/io.element.msc4388/rendezvous";
const created = await handler(new Request(url, { method: "POST", body: '{"data":"hello"}' }));
assert.equal(created.status, 200);
const read = await handler(new Request(`${url}/${(await created.json()).id}`));
assert.equal((await read.json()).data, "hello");

console.log(`${imported} modules were imported on ${runtime} ${process.version}`);
