/**
 * The tests of what a server bears, at full length: a million random requests at each runtime, 5,000 slow senders, and
 * 20 minutes of load on each. About two hours. The variables can be given to have less, or more, of each; arguments
 * after `--` reach vitest, such as `soak.test -t bun`.
 */
import { spawnSync } from "node:child_process";

const LONG = {
  FUZZ: "1000000",
  SLOW_SENDERS: "5000",
  SOAK_MINUTES: "20",
  TEST_TIMEOUT_MS: String(60 * 60 * 1000),
};

const files = ["fuzz.test", "slow-senders.test", "soak.test"];
const given = process.argv.slice(2);
const args = [
  "run",
  "--reporter=verbose",
  "--no-file-parallelism",
  "--dir",
  "test",
  ...(given.length > 0 ? given : files),
];
const env = { ...LONG, ...process.env, EXPECTED_RUNTIME: "node" };
process.exit(spawnSync("vitest", args, { cwd: "apps/server", stdio: "inherit", env }).status ?? 1);
