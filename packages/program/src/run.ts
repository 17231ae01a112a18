import process from "node:process";
import { stringify } from "yaml";
import { configure } from "./config/config.ts";
import { readFlags } from "./config/flags.ts";
import { type DescribedCommand, helpText } from "./config/help.ts";
import type { OptionsOf, OptionTable } from "./config/option.ts";
import type { Config } from "./config/options.ts";
import { masked } from "./config/secrets.ts";
import { startFailure } from "./failure.ts";
import { createLogger } from "./log.ts";
import { runtimeName } from "./runtime.ts";
import { type Listen, type Running, start } from "./start.ts";

const WRONG_USAGE = 2;

/** Something a program does instead of serving. */
export interface Command extends DescribedCommand {
  /** Does it with the words after the command's, to an exit code. */
  readonly run: (args: readonly string[]) => Promise<number>;
}

/** A program that serves the rendezvous API. */
export interface Program<C extends Config> {
  /** Its command. */
  readonly name: string;
  /** Said by `--version`. */
  readonly version: string;
  /** What it is, in a sentence. */
  readonly title: string;
  /** What can be configured. */
  readonly options: OptionsOf<C>;
  /** Opens the public listener, once everything else is open. */
  readonly listen: Listen<C>;
  /** What else the program does, by the word that comes first. */
  readonly commands?: Readonly<Record<string, Command>>;
}

/** Does what the command line asks for. What cannot be done is said on the standard error, and is the exit code. */
export async function run<C extends Config>(program: Program<C>, args: readonly string[]): Promise<void> {
  const [word = "", ...rest] = args;
  const command = Object.hasOwn(program.commands ?? {}, word) ? program.commands?.[word] : undefined;
  if (command !== undefined) {
    process.exitCode = await command.run(rest);
    return;
  }
  const options: OptionTable = program.options as OptionsOf<Config> & OptionTable;
  const flags = readFlags(args, options);
  if (flags.given.has("help")) return console.log(helpText({ ...program, options }));
  if (flags.given.has("version")) return console.log(program.version);
  const words = flags.words.join(" ");
  const isCommand = ["", "config check", "config print"].includes(words);
  if (!isCommand) return fail(program, [`there is no command ${JSON.stringify(words)}: see --help`], WRONG_USAGE);
  const configured = configure(program.options, flags, process.env);
  if (!configured.ok) return fail(program, configured.mistakes, WRONG_USAGE);
  for (const warning of configured.warnings) console.warn(`Warning: ${warning}`);
  if (words === "config check") return console.log("The configuration is right");
  if (words === "config print") return console.log(stringify(masked(configured.config)).trimEnd());
  await serve(program, configured.config);
}

async function serve<C extends Config>(program: Program<C>, config: C): Promise<void> {
  const { name, listen } = program;
  let running: Running;
  try {
    running = await start(listen, config, await createLogger(config));
  } catch (error) {
    return fail(program, [startFailure(error, config)], 1);
  }
  stopOnSignal(running);
  const { mode, store } = masked(config);
  const ops = running.opsUrl === undefined ? "" : `, operations on ${running.opsUrl}`;
  const said = `${name} listens on ${running.url} (mode ${mode}, store ${store}, ${runtimeName()}${ops})`;
  // At once, for programs that wait for it.
  console.log([said, ...(running.notes ?? [])].join("\n"));
}

/** The first signal lets what is under way finish; whoever sends a second one does not want to wait for that. */
function stopOnSignal(running: Running): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    await running.close();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

function fail({ name }: { readonly name: string }, messages: readonly string[], exitCode: number): void {
  for (const message of messages) console.error(`${name}: ${message}`);
  process.exitCode = exitCode;
}
