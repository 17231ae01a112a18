import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "@matrix-rendezvous/testkit/runner";
import { startServer } from "./server-process.ts";

interface Step {
  readonly command: string;
  readonly output: string;
}

/** The README's terminal session: each command after a `$`, and what it printed. */
function steps(): Step[] {
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const block = /^```console\n(.*?)^```/ms.exec(readme)?.[1] ?? "";
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => ({ command: text.split("\n")[0] ?? "", output: text.split("\n").slice(1).join("\n").trim() }));
}

/** The output without what differs from one run to the next. */
function normal(output: string): string {
  return output
    .replace(/"(id|sequence_token)":"[\w-]+"/g, '"$1":"…"')
    .replace(/"expires_in_ms":\d+/g, '"expires_in_ms":…');
}

test("the README's commands print what the README says", async () => {
  const server = await startServer("bun", ["--store", "memory:"]);
  let settings = "";
  let printed = "";
  const seen: string[] = [];
  for (const { command, output } of steps()) {
    if (command.startsWith("R=")) settings += `${command.replace("http://127.0.0.1:8080", server.url)}\n`;
    else if (command.startsWith("ID=")) {
      const { id, sequence_token } = JSON.parse(printed) as { id: string; sequence_token: string };
      settings += `ID=${id} TOKEN=${sequence_token}\n`;
    } else {
      printed = execFileSync("bash", ["-c", settings + command], { encoding: "utf8" }).trim();
      assert.equal(normal(printed), normal(output), command);
      seen.push(command);
    }
  }
  assert.equal(seen.length, 4);
  assert.equal(await server.stop(), 0);
});

test("the README's line of the started server is what it prints", async () => {
  const server = await startServer("bun", ["--store", "memory:"]);
  const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
  const line = server
    .stdout()
    .trim()
    .replace(server.url, "http://127.0.0.1:8080")
    .replace("memory:", "sqlite:./data/rendezvous.db");
  assert.ok(readme.includes(line), line);
  assert.equal(await server.stop(), 0);
});
