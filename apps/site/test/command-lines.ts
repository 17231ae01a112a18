import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { readOptions } from "../../../bench/src/options.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const SERVER = `${ROOT}apps/server/src/main.ts`;
const PROXY = `${ROOT}apps/synapse-proxy/src/main.ts`;
const WRONG_USAGE = 2;
/** That this is none, the doctor finds out without asking anybody. */
const NO_ADDRESS = "?";

const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, "utf8")) as { scripts: Record<string, string> };
const packages = new Set(
  globSync("{packages,apps}/*/package.json", { cwd: ROOT }).map(
    (path) => (JSON.parse(readFileSync(ROOT + path, "utf8")) as { name: string }).name,
  ),
);

/** Says what is wrong with a command, if it knows how to tell; `undefined` if nothing is, `"unknown"` if it cannot tell. */
type Judge = (flags: readonly string[], setting: Setting) => string | undefined | Promise<string | undefined>;

/** Where a command is run. */
interface Setting {
  /** What the page has as `rendezvous.yaml`. */
  readonly configuration: string;
  /** The variables that stand before the command. */
  readonly environment: Readonly<Record<string, string>>;
}

const JUDGES: readonly (readonly [command: RegExp, judge: Judge])[] = [
  [/^npm (ci|test)$/, () => undefined],
  [/^npm start( --)?/, (flags, setting) => configures(SERVER, ["--mode", "open", ...flags], setting)],
  [/^npm run start:\w+( --)?/, (flags, setting) => configures(SERVER, ["--mode", "open", ...flags], setting)],
  [/^npm run server( --)?/, (flags, setting) => configures(SERVER, flags, setting)],
  [/^npm run proxy --/, (flags, setting) => configures(PROXY, flags, setting)],
  [/^(npm run|npx matrix-rendezvous|matrix-rendezvous) doctor( --)?/, (words) => diagnoses(words)],
  [/^(npx )?matrix-rendezvous conformance/, (words) => usage(["conformance", ...words, "--list"])],
  [/^npm run bench( --)?(?= |$)/, (words) => measures(words)],
  [/^npm run [\w:]+( --)?/, () => undefined],
  [/^npx @matrix-rendezvous\/synapse-proxy/, (flags, setting) => configures(PROXY, flags, setting)],
  [
    /^((npx|bunx --bun|deno run -A( --unstable-kv)?) (npm:)?|\S*\/)?matrix-rendezvous(?= |$)/,
    (flags, setting) => configures(SERVER, flags, setting),
  ],
  [/^npm install( --save-dev)? @/, () => undefined],
  [/^deno add jsr:@/, () => undefined],
  [/^bash /, ([file = ""]) => (existsSync(ROOT + file) ? undefined : `there is no file ${file}`)],
  [/^cd \S+$/, () => undefined],
];

/**
 * What is wrong with a command of a page: a flag that there is not, a value that is refused, a script, package or folder that is
 * missing.
 *
 * @param configuration what the page has as `rendezvous.yaml`
 * @returns undefined where nothing is wrong, `"unknown"` where the command is of no kind that can be judged here
 */
export async function mistake(line: string, configuration: string): Promise<string | undefined> {
  const [variables = ""] = /^([A-Z_]+=\S+ )*/.exec(line) ?? [];
  const command = line.slice(variables.length);
  const missing = missingIn(command);
  if (missing !== undefined) return missing;
  const [kind, judge] = JUDGES.find(([pattern]) => pattern.test(command)) ?? [];
  if (kind === undefined || judge === undefined) return "unknown";
  const flags = command.replace(kind, "").trim().split(/\s+/).filter(Boolean);
  const assignments = variables.matchAll(/([A-Z_]+)=(\S+) /g);
  const environment = Object.fromEntries([...assignments].map(([, name = "", value = ""]) => [name, value]));
  return judge(flags, { configuration, environment });
}

function missingIn(command: string): string | undefined {
  const script = /^npm run ([\w:]+)/.exec(command)?.[1];
  if (script !== undefined && scripts[script] === undefined && !isOfPackage(script))
    return `there is no script ${script}`;
  const folder = /^cd (\S+)/.exec(command)?.[1];
  if (folder !== undefined && !existsSync(ROOT + folder)) return `there is no folder ${folder}`;
  const names = command.match(/@matrix-rendezvous\/[\w-]+/g) ?? [];
  return names.filter((name) => !packages.has(name)).map((name) => `there is no package ${name}`)[0];
}

function isOfPackage(script: string): boolean {
  return /^test:(node|bun|deno)$/.test(script);
}

async function configures(
  program: string,
  words: readonly string[],
  { configuration, environment }: Setting,
): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "page-"));
  await writeFile(join(folder, "rendezvous.yaml"), configuration);
  const isCommand = words[0] === "config";
  const args = [program, ...(isCommand ? words : ["config", "check", ...words])];
  const { status, stderr } = spawnSync("bun", args, {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], ...environment },
  });
  await rm(folder, { recursive: true });
  return status === 0 ? undefined : stderr;
}

function diagnoses(words: readonly string[]): string | undefined {
  return usage(["doctor", ...words.map((word) => (/^(https?:|@|\w+\.)/.test(word) ? NO_ADDRESS : word))]);
}

/** What the benchmarks say of their words. */
function measures(words: readonly string[]): string | undefined {
  try {
    readOptions(words);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

/** What a command that does something else than serve says of its words. */
function usage(words: readonly string[]): string | undefined {
  const { status, stderr } = spawnSync("bun", [SERVER, ...words], { encoding: "utf8" });
  return status === WRONG_USAGE ? stderr : undefined;
}
