/** `matrix-rendezvous doctor` as a program. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "@matrix-rendezvous/testkit/runner";
import { Ajv } from "ajv";
import { answersOf, findingsOf } from "../../../../packages/doctor/test/examination.ts";
import { unusedUrl } from "../../../../packages/doctor/test/stand-in.ts";
import { RUNTIMES, serverCommand, start, startServer } from "../server-process.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { doctor, reportIn } from "./doctor.ts";

const TERMINAL = fileURLToPath(new URL("terminal.ts", import.meta.url));
const SCHEMA = new URL("../../../../docs/doctor.schema.json", import.meta.url);
const CLEARED = "\r\u001b[K";

const isReport = new Ajv().compile(JSON.parse(readFileSync(SCHEMA, "utf8")));
const nowhere = await unusedUrl();

for (const runtime of RUNTIMES) {
  test(`${runtime}: against our own server everything passes, as text of 80 columns and as JSON`, async () => {
    const server = await startServer(runtime, ["--store", "memory:"]);
    const alone = [server.url, "--rendezvous-only"];
    const [json, text] = await Promise.all([doctor(runtime, [...alone, "--json"]), doctor(runtime, alone)]);
    await server.stop();
    const report = reportIn(json);
    assert.ok(isReport(report), JSON.stringify(isReport.errors));
    assert.deepEqual(findingsOf(report), []);
    assert.equal(answersOf(report), "yes yes yes yes");
    assert.ok(report.steps.every(({ outcome }) => outcome === "ok"));
    for (const line of text.stdout.split("\n")) assert.ok(line.length <= 80, line);
    assert.match(text.stdout, /\nWhat was asked for works\.\n$/);
    for (const { code, stderr, stdout } of [json, text]) {
      assert.deepEqual([code, stderr], [0, ""]);
      assert.ok(!stdout.includes("\u001b"));
    }
  });

  test(`${runtime}: a homeserver that is not there: exit code 1; wrong usage: 2`, async () => {
    const folder = temporaryFolder();
    const noToken = join(folder.path, "no-token");
    writeFileSync(noToken, "two words");
    const known = "2024-new, 2024-existing, 2025-new, 2025-existing";
    const one = "give one target: a URL, a server name or a user ID";
    for (const [args, code, said] of [
      [[nowhere, "--json"], 1, undefined],
      [[], 2, one],
      [["a.example", "b.example"], 2, one],
      [["a.example", "--user", "@a:b.example"], 2, one],
      [["a.example", "--expect", "2026-new"], 2, `--expect cannot be "2026-new": give some of ${known}`],
      [["a.example", "--access-token-file", noToken], 2, `there is no access token in ${noToken}`],
      [["a.example", "--access-token-file", folder.path], 2, `there is no access token in ${folder.path}`],
    ] as const) {
      const { code: ended, stdout, stderr } = await doctor(runtime, args);
      assert.equal(ended, code, args.join(" "));
      if (said === undefined) assert.ok(isReport(JSON.parse(stdout)), JSON.stringify(isReport.errors));
      else assert.deepEqual([stdout, stderr], ["", `matrix-rendezvous doctor: ${said}\n`]);
    }
    folder.remove();
  });

  test(`${runtime}: colours and a line of progress on a terminal, and nowhere else`, async () => {
    const command = serverCommand(runtime, ["doctor", nowhere]);
    const onTerminal = async (words: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> => {
      const program = start("bun", [TERMINAL, ...words], { env: { ...process.env, NO_COLOR: "", ...env } });
      assert.equal(await program.ended, 1);
      return program.stdout();
    };
    const [plain, coloured, redirected] = await Promise.all([
      onTerminal(command, { NO_COLOR: "1" }),
      onTerminal(command),
      // Its report in a file, and the terminal for what is under way.
      onTerminal(["sh", "-c", '"$@" >/dev/null', "sh", ...command]),
    ]);
    for (const shown of [plain, coloured, redirected]) {
      assert.ok(shown.includes(`${CLEARED}Where the homeserver is …${CLEARED}`), JSON.stringify(shown.slice(0, 99)));
    }
    const [inBlackAndWhite, inColours, inFile] = [plain, coloured, redirected].map(
      (shown) => shown.split(CLEARED).at(-1) ?? "",
    );
    assert.ok(inBlackAndWhite?.startsWith("BAD   Where the homeserver is\r\n"), inBlackAndWhite);
    assert.ok(!inBlackAndWhite?.includes("\u001b"));
    assert.ok(inColours?.startsWith("\u001b[31mBAD "), inColours);
    assert.equal(inFile, "");
  });
}
