import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "@matrix-rendezvous/testkit/runner";
import { listening, RUNTIMES, run } from "./server-process.ts";

for (const runtime of RUNTIMES) {
  test(`${runtime}: health asks the server of the same configuration, and its exit code says whether it serves`, async () => {
    const server = await listening(
      run(runtime, ["--mode", "open", "--store", "memory:", "--port", "0", "--host", "0.0.0.0"]),
      runtime,
    );
    const { port } = new URL(server.url);
    const variables = { RENDEZVOUS_MODE: "open", RENDEZVOUS_HOST: "0.0.0.0", RENDEZVOUS_PORT: port };
    const asked = run(runtime, ["health"], variables);
    assert.equal(await asked.ended, 0, asked.stderr());
    assert.equal(asked.stdout() + asked.stderr(), "");
    assert.equal(await server.stop(), 0);

    const again = run(runtime, ["health", "--mode", "open", "--port", port]);
    assert.equal(await again.ended, 1);
    assert.equal(again.stderr(), `matrix-rendezvous: http://127.0.0.1:${port}/health does not answer\n`);
  });
}

test("health: a server that answers anything but 200 does not serve, and a wrong configuration is exit code 2", async () => {
  const other = createServer((_, response) => response.writeHead(503).end()).listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as { port: number };
  const asked = run("node", ["health", "--mode", "open", "--port", String(port)]);
  assert.equal(await asked.ended, 1);
  assert.equal(asked.stderr(), `matrix-rendezvous: http://127.0.0.1:${port}/health answers 503\n`);
  other.close();

  const wrong = run("node", ["health"]);
  assert.equal(await wrong.ended, 2);
  assert.equal(wrong.stderr(), "matrix-rendezvous: --mode is missing: give off, authenticated or open\n");
});
