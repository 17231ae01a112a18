import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { parse } from "yaml";
import { type CodeBlock, codeBlocks } from "../../../scripts/code-blocks.ts";
import { mistake } from "./command-lines.ts";
import { UNCHECKED } from "./unchecked.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGES = globSync(["*.md", "docs/**/*.md", "{packages,apps}/*/*.md"], { cwd: ROOT }).sort();
/** What a YAML block begins with that is this server's configuration. */
const CONFIGURATION = "# rendezvous.yaml\n";
/** Checked elsewhere: by `scripts/check-examples.ts`, by the build of the site, by `apps/server/test/readme.test.ts`. */
const ELSEWHERE = ["ts", "mermaid", "console"];

const examples = globSync("examples/*.ts", { cwd: ROOT }).map((path) => readFileSync(ROOT + path, "utf8"));
const isExcused = (page: string, text: string): boolean =>
  UNCHECKED.some((excuse) => excuse.page === page && text.startsWith(excuse.begins));

/** The commands of a block, a line each, without comments. */
function commandsOf(code: string): string[] {
  const lines = code.replaceAll(/\\\n/g, " ").split("\n");
  return lines
    .map((line) => line.replace(/(^|\s)#.*$/, "").replace(/ &$/, ""))
    .flatMap((line) => line.split(" && "))
    .map((line) => line.trim())
    .filter(Boolean);
}

/** What is wrong with a block; empty where it is right, or checked elsewhere. */
async function faultsOf(page: string, { language, code }: CodeBlock, configuration: string): Promise<string[]> {
  if (ELSEWHERE.includes(language)) return [];
  if (language === "json") JSON.parse(code);
  else if (language === "typescript") {
    if (!examples.includes(code)) return ["is no file of examples/"];
  } else if (language === "yaml") {
    parse(code);
    if (code.startsWith(CONFIGURATION))
      return faultsOfCommand("matrix-rendezvous config check --config rendezvous.yaml", code);
  } else if (language === "sh") {
    const commands = commandsOf(code).filter((command) => !isExcused(page, command));
    return (await Promise.all(commands.map((command) => faultsOfCommand(command, configuration)))).flat();
  } else if (!isExcused(page, code)) return ["is neither run nor checked, and test/unchecked.ts does not say why"];
  return [];
}

async function faultsOfCommand(command: string, configuration: string): Promise<string[]> {
  const fault = await mistake(command, configuration);
  if (fault === "unknown") return [`${command}: is not checked, and test/unchecked.ts does not say why`];
  return fault === undefined ? [] : [`${command}: ${fault}`];
}

for (const page of PAGES) {
  const blocks = codeBlocks(ROOT + page);
  if (blocks.every(({ language }) => ELSEWHERE.includes(language))) continue;
  test(`${page}: every code block is run or checked, or there is a reason why not`, async () => {
    const configuration = blocks.find(({ code }) => code.startsWith(CONFIGURATION))?.code ?? "mode: open";
    for (const block of blocks) assert.deepEqual(await faultsOf(page, block, configuration), [], block.code);
  });
}

test("there is no reason for what is not there", () => {
  for (const { page, begins } of UNCHECKED) {
    const texts = codeBlocks(ROOT + page).flatMap(({ code }) => [code, ...commandsOf(code)]);
    assert.ok(
      texts.some((text) => text.startsWith(begins)),
      `${page}: ${begins}`,
    );
  }
});

test("a flag, a value, a script or a package that there is not would be found", async () => {
  const wrong = [
    "npm start -- --no-such-flag",
    "npm start -- --session-ttl tomorrow",
    "npm run no-such-script",
    "bash scripts/no-such-script.sh",
    "npx matrix-rendezvous --store nowhere",
    "npm run proxy -- --homeserver no-url",
    "npm run bench -- no-such-section",
    "npm run bench -- --no-such-flag",
    "npm run doctor -- https://matrix.example.org --no-such-flag",
    "npm install @matrix-rendezvous/no-such-package",
  ];
  for (const command of wrong) assert.equal((await faultsOfCommand(command, "")).length, 1, command);
  const right = "npm start -- --session-ttl 200s";
  assert.deepEqual(await faultsOfCommand(right, ""), []);
});
