import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";

/** Each example, and how its runtime starts it. The port is in the first thing that it prints. */
const EXAMPLES: readonly (readonly [file: string, command: string, ...args: string[]])[] = [
  ["node-http.ts", "node"],
  ["bun-serve.ts", "bun"],
  ["deno-serve.ts", "deno", "run", "-A"],
  ["hono.ts", "node"],
  ["deno-deploy.ts", "deno", "serve", "-A", "--host", "127.0.0.1", "--port", "0"],
];

const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

async function walkSession(base: string): Promise<void> {
  const ask = async (method: string, path: string, body?: object): Promise<{ status: number; body: Answer }> => {
    const answer = await fetch(base + PATH + path, body ? { method, body: JSON.stringify(body) } : { method });
    return { status: answer.status, body: (await answer.json()) as Answer };
  };
  const { body: created } = await ask("POST", "", { data: "first" });
  const { id, sequence_token } = created;
  assert.equal((await ask("GET", `/${id}`)).body.data, "first");
  assert.equal((await ask("PUT", `/${id}`, { sequence_token, data: "second" })).status, 200);
  assert.equal((await ask("PUT", `/${id}`, { sequence_token, data: "third" })).status, 409);
  assert.equal((await ask("GET", `/${id}`)).body.data, "second");
  assert.equal((await ask("DELETE", `/${id}`)).status, 200);
  assert.equal((await ask("GET", `/${id}`)).body.errcode, "M_NOT_FOUND");
}

type Answer = Readonly<Record<"id" | "sequence_token" | "data" | "errcode", string | undefined>>;

for (const [file, command, ...args] of EXAMPLES) {
  test(`${file} serves a whole session, beside what else there is`, async () => {
    const path = fileURLToPath(new URL(`../${file}`, import.meta.url));
    const env = { ...process.env, PORT: "0", NO_COLOR: "1", DENO_KV_PATH: ":memory:" };
    const child = spawn(command, [...args, path], { env, stdio: ["ignore", "pipe", "pipe"] });
    try {
      // `deno serve` says where it listens on the standard error.
      const printed = [once(child.stdout, "data"), ...(args[0] === "serve" ? [once(child.stderr, "data")] : [])];
      const [line] = await Promise.race(printed);
      const base = `http://127.0.0.1:${/(?:port: |127\.0\.0\.1:)(\d+)/.exec(String(line))?.[1]}`;
      await walkSession(base);
      // On Deno Deploy there is nothing else.
      if (file !== "deno-deploy.ts") assert.equal(await (await fetch(base)).text(), "somebody else's page");
    } finally {
      child.kill("SIGKILL");
      await once(child, "close");
    }
  });
}
