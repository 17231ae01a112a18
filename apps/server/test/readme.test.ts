import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { codeBlocks } from "../../../scripts/code-blocks.ts";
import { startServer } from "./server-process.ts";

const DOCUMENTED_URL = "http://127.0.0.1:8080";

interface Step {
  readonly command: string;
  readonly output: string;
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** A page's terminal sessions: each command after a `$`, and what it printed. */
function stepsOf(page: string): Step[] {
  return codeBlocks(ROOT + page)
    .filter(({ language }) => language === "console")
    .flatMap(({ code }) => code.split(/^\$ /m).slice(1))
    .map((text) => ({ command: text.split("\n")[0] ?? "", output: text.split("\n").slice(1).join("\n").trim() }));
}

/** The output without what differs from one run to the next. */
function normal(output: string): string {
  return output
    .replace(/"(id|sequence_token)":"[\w-]+"/g, '"$1":"…"')
    .replace(/"expires_in_ms":\d+/g, '"expires_in_ms":…')
    .replace(/(\/rendezvous\/~)[\w-]+/g, "$1…");
}

for (const page of globSync(["README.md", "docs/**/*.md"], { cwd: ROOT })) {
  const steps = stepsOf(page);
  if (steps.length === 0) continue;
  test(`${page}: commands print what the page says`, async () => {
    const server = await startServer("bun", ["--store", "memory:"]);
    let settings = "";
    let printed = "";
    for (const { command, output } of steps) {
      const here = command.replace(DOCUMENTED_URL, server.url);
      if (/^[A-Z]+=/.test(here)) settings += `${withValues(here, printed)}\n`;
      else {
        printed = execFileSync("bash", ["-c", settings + here], { encoding: "utf8" }).trim();
        assert.equal(normal(printed.replaceAll(server.url, DOCUMENTED_URL)), normal(output), command);
      }
    }
    assert.ok(printed !== "");
    assert.equal(await server.stop(), 0);
  });
}

/** An ID and a token that a page sets are those that were just printed. */
function withValues(setting: string, printed: string): string {
  if (!setting.startsWith("ID=")) return setting;
  const { id, sequence_token } = JSON.parse(printed) as { id: string; sequence_token: string };
  return `ID=${id} TOKEN=${sequence_token}`;
}

test("the README's line of the started server is what it prints", async () => {
  const server = await startServer("bun", ["--store", "memory:"]);
  const readme = readFileSync(`${ROOT}README.md`, "utf8");
  const line = server
    .stdout()
    .trim()
    .replace(server.url, DOCUMENTED_URL)
    .replace("memory:", "sqlite:./data/rendezvous.db");
  assert.ok(readme.includes(line), line);
  assert.equal(await server.stop(), 0);
});
