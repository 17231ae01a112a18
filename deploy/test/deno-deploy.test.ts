import assert from "node:assert/strict";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { startHomeserver } from "../../apps/server/test/homeserver.ts";
import { type Program, start } from "../../apps/server/test/server-process.ts";
import { temporaryFolder } from "../../apps/server/test/temporary-folder.ts";
import { beginSessions, continueSessions } from "../sessions.ts";

const ENTRY = fileURLToPath(new URL("../../examples/deno-deploy.ts", import.meta.url));
const API = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

interface Served extends Program {
  readonly url: string;
}

/** Starts the entry as Deno Deploy does, on a database in a file. */
async function serve(database: string, variables: NodeJS.ProcessEnv): Promise<Served> {
  const env = { ...process.env, NO_COLOR: "1", DENO_KV_PATH: database, ...variables };
  const program = start("deno", ["serve", "-A", "--host", "127.0.0.1", "--port", "0", ENTRY], { env });
  let ended = false;
  void program.ended.then(() => (ended = true));
  const line = /http:\/\/127\.0\.0\.1:\d+/;
  // `deno serve` says it on the standard error.
  while (!line.test(program.stderr())) {
    if (ended) throw new Error(`deno serve ended: ${program.stderr()}`);
    await Promise.race([program.ended, once(program.child.stderr ?? program.child, "data")]);
  }
  return { ...program, url: line.exec(program.stderr())?.[0] ?? "" };
}

async function withDatabase(body: (database: string) => Promise<void>): Promise<void> {
  const folder = temporaryFolder();
  try {
    await body(join(folder.path, "kv.db"));
  } finally {
    folder.remove();
  }
}

test("the entry for Deno Deploy serves both versions, and its sessions outlive the isolate", async () => {
  await withDatabase(async (database) => {
    const variables = { PUBLIC_URL: "https://rendezvous.example.org" };
    const first = await serve(database, variables);
    const begun = await beginSessions(first.url);
    first.child.kill("SIGKILL");
    await first.ended;
    const second = await serve(database, variables);
    await continueSessions(second.url, begun);
    second.child.kill("SIGKILL");
    await second.ended;
  });
});

test("the entry for Deno Deploy has access tokens checked by the homeserver that it is given", async () => {
  await withDatabase(async (database) => {
    const homeserver = await startHomeserver(new Map([["good", "@alice:example.org"]]));
    const server = await serve(database, { HOMESERVER: homeserver.url });
    const create = async (headers: Record<string, string>): Promise<number> => {
      const answer = await fetch(server.url + API, { method: "POST", body: '{"data":""}', headers });
      await answer.body?.cancel();
      return answer.status;
    };
    assert.equal(await create({}), 401);
    assert.equal(await create({ Authorization: "Bearer bad" }), 401);
    assert.equal(await create({ Authorization: "Bearer good" }), 200);
    server.child.kill("SIGKILL");
    await server.ended;
    homeserver.stop();
  });
});
