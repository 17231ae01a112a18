import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { parseArgs } from "node:util";
import type { Prefix } from "../http/check.ts";
import { LEVELS } from "./catalogue.ts";
import { junit } from "./junit.ts";
import { SERVED } from "./probe.ts";
import { conforms, type Report } from "./report.ts";
import { type ConformanceOptions, runConformance, selected } from "./run.ts";
import { tap } from "./tap.ts";
import { list, text } from "./text.ts";

const WRONG_USAGE = 2;

const USAGE = `Usage: matrix-rendezvous conformance URL [flags]

Holds any rendezvous server against MSC4388 and the MSC4108 of 2024, and removes
what it created there. URL is the homeserver's base URL; a path is kept.

  --version 2025|2024|both    which version's checks are run (both)
  --level LEVEL               what has to hold: must, should (and must), clients
                              (and those: what released clients depend on), own
                              (and all that this project's server promises
                              besides); what is beyond is told and forgiven, and
                              own not even tried (must)
  --section TEXT              only checks with that in their section's title or
                              their ID; may be repeated
  --path unstable|stable      where MSC4388 is served (the first that is)
  --access-token-file FILE    an access token of a user, for servers that let
                              only users create sessions
  --wait-for-expiry           wait until sessions have expired
  --output text|tap|junit     how the result is written (text)
  --output-file FILE          where to; the text is printed besides
  --list                      list the checks, and run none
  --help                      print this

The exit code is 0 if all that was asked for holds, 1 if not, 2 for wrong usage.`;

const OPTIONS = {
  version: { type: "string", default: "both" },
  level: { type: "string", default: "must" },
  section: { type: "string", multiple: true },
  path: { type: "string" },
  "access-token-file": { type: "string" },
  "wait-for-expiry": { type: "boolean", default: false },
  output: { type: "string", default: "text" },
  "output-file": { type: "string" },
  list: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

const FORMATS = { text: (report: Report) => text(report, false), tap, junit };

interface Asked {
  readonly options: ConformanceOptions;
  readonly format: keyof typeof FORMATS;
  readonly file: string | undefined;
  readonly isList: boolean;
}

/** The command `conformance`: says on the standard output what it finds; resolves to the exit code. */
export async function conformanceCommand(args: readonly string[]): Promise<number> {
  if (args.includes("--help")) return say(USAGE);
  const asked = await understand(args).catch((error: unknown) =>
    error instanceof Error ? error : new Error(String(error)),
  );
  if (asked instanceof Error) return complain(asked);
  if (asked.isList) return say(list(listed(asked.options)));
  const report = await watched(asked.options);
  const written = await write(report, asked).catch((error: Error) => error);
  if (written instanceof Error) return complain(written);
  return conforms(report) ? 0 : 1;
}

function listed(options: ConformanceOptions): Parameters<typeof list>[0] {
  const checks = selected(options);
  return [...new Set(checks.map(({ version }) => version))].flatMap((version) => [
    SERVED[version],
    ...checks.filter((check) => check.version === version),
  ]);
}

/** Runs it, with the check that is under way on a terminal; the first interrupt ends it in good order. */
async function watched(options: ConformanceOptions): Promise<Report> {
  const interrupted = new AbortController();
  const interrupt = (): void => interrupted.abort();
  process.once("SIGINT", interrupt);
  const isShown = process.stderr.isTTY === true;
  const onCheck = (id: string): void => void (isShown && process.stderr.write(`\r\u001b[K${id} …`));
  const report = await runConformance({ ...options, signal: interrupted.signal, onCheck });
  process.off("SIGINT", interrupt);
  if (isShown) process.stderr.write("\r\u001b[K");
  return report;
}

async function write(report: Report, { format, file }: Asked): Promise<void> {
  if (file !== undefined) await writeFile(file, `${FORMATS[format](report)}\n`);
  if (file === undefined && format !== "text") return void say(FORMATS[format](report));
  say(text(report, process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined));
}

async function understand(args: readonly string[]): Promise<Asked> {
  const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  const version = oneOf("--version", ["2025", "2024", "both"], values.version);
  const tokenFile = values["access-token-file"];
  const options: ConformanceOptions = {
    baseUrl: values.list ? "" : baseUrlIn(positionals),
    versions: version === "both" ? undefined : [version],
    level: oneOf("--level", LEVELS, values.level),
    sections: values.section,
    prefix: values.path === undefined ? undefined : oneOf<Prefix>("--path", ["unstable", "stable"], values.path),
    accessToken: tokenFile === undefined ? undefined : await tokenIn(tokenFile),
    waitForExpiry: values["wait-for-expiry"],
  };
  if (selected(options).length === 0) throw new Error("no check has that in its section or ID: see --list");
  const format = oneOf("--output", Object.keys(FORMATS) as (keyof typeof FORMATS)[], values.output);
  return { options, format, file: values["output-file"], isList: values.list };
}

function baseUrlIn(words: readonly string[]): string {
  const [word = ""] = words;
  if (words.length !== 1 || !/^https?:\/\//.test(word) || !URL.canParse(word)) {
    throw new Error("give one URL, as https://matrix.example.org");
  }
  const url = new URL(word);
  if (url.username !== "" || url.search !== "" || url.hash !== "") throw new Error("a base URL is origin and path");
  return url.href;
}

// The doctor's command has the same: the doctor depends on nothing, and the testkit not on the doctor.
async function tokenIn(file: string): Promise<string> {
  const token = (await readFile(file, "utf8").catch(() => "")).trim();
  // A header's error message can have its value in it: nothing else gets that far.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error(`there is no access token in ${file}`);
  return token;
}

function oneOf<Word extends string>(flag: string, words: readonly Word[], given: string): Word {
  const word = words.find((one) => one === given);
  if (word === undefined) throw new Error(`${flag} is one of ${words.join(", ")}, not ${JSON.stringify(given)}`);
  return word;
}

function say(it: string): 0 {
  console.log(it);
  return 0;
}

function complain(error: Error): number {
  console.error(`matrix-rendezvous conformance: ${error.message}`);
  return WRONG_USAGE;
}
