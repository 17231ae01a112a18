import assert from "node:assert/strict";
import { type Deviation, registerHttpChecks } from "@matrix-rendezvous/testkit/http";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { overheard } from "./overheard.ts";
import { RUNTIMES, startServer } from "./server-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

type Kind = "memory" | "sqlite";

const READS_PAST: Deviation = {
  check: "uploads: an endless body is hung up on",
  reason: "the runtime reads past what was refused and drops it, so that who sends it all gets to read the answer",
};

/** Bun has one request a connection in hand: oven-sh/bun#38128. A memory store answers before the next is looked at. */
const PIPELINING: readonly Deviation[] = [
  "framing: chunks may have extensions and be followed by trailers",
  "connections: requests sent all at once are answered in their order",
  "connections: requests cut anywhere between two packets are read",
].map((check) => ({ check, reason: "Bun drops what comes behind a request that it has not answered yet" }));

function deviations(runtime: Runtime, kind: Kind): readonly Deviation[] {
  if (runtime === "node") return [];
  return runtime === "bun" && kind === "sqlite" ? [READS_PAST, ...PIPELINING] : [READS_PAST];
}

// Every check on every runtime and both embedded stores, each against a server process of its own. The caps are out of
// the way: the checks all come from one address.
for (const runtime of RUNTIMES) {
  for (const kind of ["memory", "sqlite"] as const) {
    const folder = temporaryFolder();
    const store = kind === "memory" ? "memory:" : `sqlite:${folder.path}/rendezvous.db`;
    const caps = ["--max-sessions", "1000000", "--max-sessions-per-owner", "1000000"];
    const talkative = ["--log-level", "debug", "--ops-port", "0"];
    const server = await startServer(runtime, ["--store", store, "--stable-endpoint", ...caps, ...talkative]);
    const named = (name: string, body: () => void | Promise<void>): void => test(`${runtime}, ${kind}: ${name}`, body);
    const target = { baseUrl: server.url, mode: "open", prefixes: ["unstable", "stable"] } as const;
    registerHttpChecks(named, target, {}, deviations(runtime, kind));
    named("the server had nothing to complain of, has told no secret, and ends with 0", async () => {
      assert.ok(overheard() > 1_000, `only ${overheard()} secrets have been heard`);
      assert.equal(await server.stop(), 0);
      assert.equal(server.stderr(), "");
      folder.remove();
    });
  }
}
