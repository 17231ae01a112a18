/**
 * Runs the tests of the package in this folder on one runtime, and leaves what it counted in `.junit/`:
 * `test-on.ts node` those in `test/`, which need nothing; `test-on.ts node services` those in `test-services/`.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";

const COMMANDS: Record<string, (folder: string, report: string) => string[]> = {
  node: (folder, report) => [
    "vitest",
    "run",
    "--reporter=dot",
    "--reporter=junit",
    `--outputFile.junit=${report}`,
    "--dir",
    folder,
  ],
  bun: (folder, report) => [
    "bun",
    "test",
    "--timeout=120000",
    "--reporter=junit",
    `--reporter-outfile=${report}`,
    `./${folder}/`,
  ],
  deno: (folder, report) => ["deno", "test", "-A", "--no-check", `--junit-path=${report}`, `${folder}/`],
};

const [runtime = "", suite] = process.argv.slice(2);
const command = COMMANDS[runtime];
if (command === undefined || (suite !== undefined && suite !== "services")) {
  throw new Error(`usage: test-on.ts node|bun|deno [services], not ${process.argv.slice(2).join(" ")}`);
}
const [folder, report] = suite ? ["test-services", `services-${runtime}`] : ["test", runtime];
mkdirSync(".junit", { recursive: true });
const [program = "", ...args] = command(folder, `.junit/${report}.xml`);
const env = { ...process.env, EXPECTED_RUNTIME: runtime };
process.exit(spawnSync(program, args, { stdio: "inherit", env }).status ?? 1);
