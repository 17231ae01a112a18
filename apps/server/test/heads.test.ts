import assert from "node:assert/strict";
import { connect } from "node:net";
import { type Runtime, test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES, startServer } from "./server-process.ts";

const KIB = 1_024;
const PATH = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

/** How much of a head each runtime takes in, and how it refuses more: as `docs/bounds.md` has it. */
const BOUNDS: Readonly<Record<Runtime, { readonly bytes: number; readonly refusal: string }>> = {
  node: { bytes: 16 * KIB, refusal: "431" },
  bun: { bytes: 16 * KIB, refusal: "431" },
  deno: { bytes: 64 * KIB, refusal: "400" },
};

/** The status of the answer to a request whose headers take so many bytes. */
async function status(url: string, bytes: number): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).setEncoding("latin1");
  const head = `GET ${PATH} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n`;
  // In several lines, since a runtime may bound each of them as well.
  const line = `X-Long: ${"x".repeat(KIB - "X-Long: \r\n".length)}\r\n`;
  socket.write(`${head}${line.repeat(bytes / KIB)}\r\n`);
  let answer = "";
  socket.on("data", (text: string) => (answer += text));
  // Refused, it may still be sending.
  socket.on("error", () => {});
  await new Promise((resolve) => socket.on("close", resolve));
  return /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? answer;
}

for (const runtime of RUNTIMES) {
  test(`${runtime}: a head is taken in up to its bound, and refused beyond it`, async () => {
    const server = await startServer(runtime, ["--store", "memory:"]);
    const { bytes, refusal } = BOUNDS[runtime];
    assert.equal(await status(server.url, bytes - 2 * KIB), "200");
    assert.equal(await status(server.url, bytes + 6 * KIB), refusal);
    assert.equal(await server.stop(), 0);
  });
}
