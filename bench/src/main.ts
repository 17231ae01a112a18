/** `npm run bench -- [SECTION…] [--quick] [--output FILE]`: see docs/benchmarks.md. Linux, with two cores. */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { dirname } from "node:path";
import process from "node:process";
import { missing } from "../../scripts/needs.ts";
import { describeMachine, versions } from "./machine.ts";
import type { Group, Results } from "./measurement.ts";
import { readOptions } from "./options.ts";
import { textReport } from "./report/report.ts";
import { QUICK } from "./section.ts";

const args = process.argv.slice(2);
const { effort, sections, output } = readOptions(args);
if (cpus().length < 2) throw new Error("two cores are needed: one for servers, one for what asks them");

const groups: Group[] = [];
const began = {
  date: new Date().toISOString(),
  command: ["npm run bench", ...(args.length > 0 ? ["--", ...args] : [])].join(" "),
  machine: describeMachine(),
  versions: versions(),
};
const failures: Record<string, string> = {};
for (const [name, { needs, measure }] of sections) {
  const startedAt = performance.now();
  // One that fails does not cost the others their numbers.
  try {
    const lacking = await missing(needs);
    if (lacking.length > 0) throw new Error(lacking.join("; "));
    groups.push(...(await measure(effort)));
    console.error(`${name}: ${((performance.now() - startedAt) / 1000).toFixed(0)} s`);
  } catch (error) {
    failures[name] = error instanceof Error ? error.message : String(error);
    console.error(`${name} failed: ${failures[name]}`);
    process.exitCode = 1;
  }
}

const results: Results = { ...began, groups, failures };
mkdirSync(dirname(output), { recursive: true });
writeFileSync(output, `${JSON.stringify(results, undefined, 2)}\n`);
if (effort === QUICK) console.log("Too little of everything to tell anything but that the bench works\n");
console.log(textReport(results));
