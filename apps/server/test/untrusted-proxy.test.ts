import assert from "node:assert/strict";
import { test } from "@matrix-rendezvous/testkit/runner";
import { RUNTIMES, startServer } from "./server-process.ts";

const UNSTABLE = "/_matrix/client/unstable/io.element.msc4388/rendezvous";

const WARNING = /127\.0\.0\.1 says for which client it speaks, and is not in --trust-proxy: .* count as one/;

for (const runtime of RUNTIMES) {
  test(`${runtime}: that a proxy is not trusted is said once; nothing is said of one that is, nor where there is none`, async () => {
    const warnings = async (flags: readonly string[], headers: readonly Record<string, string>[]): Promise<number> => {
      const server = await startServer(runtime, ["--store", "memory:", ...flags]);
      for (const header of headers) {
        const answer = await fetch(server.url + UNSTABLE, { method: "POST", body: '{"data":""}', headers: header });
        assert.equal(answer.status, 200);
      }
      assert.equal(await server.stop(), 0);
      const lines = server
        .stdout()
        .split("\n")
        .filter((line) => WARNING.test(line));
      for (const line of lines) assert.equal((JSON.parse(line) as { level: string }).level, "warn");
      return lines.length;
    };
    const behind = [
      { "X-Forwarded-For": "192.0.2.1" },
      { Forwarded: "for=192.0.2.2" },
      { "X-Forwarded-For": "192.0.2.3" },
    ];
    assert.equal(await warnings([], behind), 1);
    assert.equal(await warnings([], [{ Forwarded: "for=192.0.2.2" }]), 1);
    assert.equal(await warnings([], [{}, {}]), 0);
    assert.equal(await warnings(["--trust-proxy", "127.0.0.0/8"], behind), 0);
  });
}
