/** Runs the tests of the package in this folder on one runtime, and leaves what it counted in `.junit/<runtime>.xml`. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";

const COMMANDS: Record<string, (report: string) => string[]> = {
  node: (report) => ["vitest", "run", "--reporter=dot", "--reporter=junit", `--outputFile.junit=${report}`],
  bun: (report) => ["bun", "test", "--timeout=120000", "--reporter=junit", `--reporter-outfile=${report}`, "./test"],
  deno: (report) => ["deno", "test", "-A", "--no-check", `--junit-path=${report}`, "test/"],
};

const [runtime = "", ...files] = process.argv.slice(2);
const command = COMMANDS[runtime];
if (command === undefined) throw new Error(`usage: test-on.ts node|bun|deno, not ${JSON.stringify(runtime)}`);
mkdirSync(".junit", { recursive: true });
const [program = "", ...args] = command(`.junit/${runtime}.xml`);
const { status } = spawnSync(program, [...args, ...files], {
  stdio: "inherit",
  env: { ...process.env, EXPECTED_RUNTIME: runtime },
});
process.exit(status ?? 1);
