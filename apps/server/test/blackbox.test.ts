import assert from "node:assert/strict";
import { registerHttpChecks } from "@matrix-rendezvous/testkit/http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES, startServer } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

// Every check on every runtime and both embedded stores, each against a server process of its own. The caps are out of
// the way: the checks all come from one address.
for (const runtime of RUNTIMES) {
  for (const kind of ["memory", "sqlite"]) {
    const folder = temporaryFolder();
    const store = kind === "memory" ? "memory:" : `sqlite:${folder.path}/rendezvous.db`;
    const caps = ["--max-sessions", "1000000", "--max-sessions-per-owner", "1000000"];
    const server = await startServer(runtime, ["--store", store, "--stable-endpoint", ...caps]);
    const named = (name: string, body: () => void | Promise<void>): void => test(`${runtime}, ${kind}: ${name}`, body);
    registerHttpChecks(named, { baseUrl: server.url, mode: "open", prefixes: ["unstable", "stable"] });
    named("the server had nothing to complain of, and ends with 0", async () => {
      assert.equal(await server.stop(), 0);
      assert.equal(server.stderr(), "");
      folder.remove();
    });
  }
}
