import process from "node:process";
import { stringify } from "yaml";
import packageJson from "../package.json" with { type: "json" };
import { configure } from "./config/config.ts";
import { readFlags } from "./config/flags.ts";
import { helpText } from "./config/help.ts";
import type { Config } from "./config/options.ts";
import { masked } from "./config/secrets.ts";
import { startFailure } from "./failure.ts";
import { createLogger } from "./log.ts";
import { runtimeName } from "./runtime.ts";
import { type RunningServer, startServer } from "./server.ts";

const WRONG_USAGE = 2;

async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args);
  if (flags.given.has("help")) return console.log(helpText());
  if (flags.given.has("version")) return console.log(packageJson.version);
  const command = COMMANDS[flags.words.join(" ")];
  if (command === undefined)
    return fail([`there is no command ${JSON.stringify(flags.words.join(" "))}: see --help`], WRONG_USAGE);
  const configured = configure(flags, process.env);
  if (!configured.ok) return fail(configured.mistakes, WRONG_USAGE);
  configured.warnings.forEach(warn);
  await command(configured.config);
}

/** What can be asked of the program, by the words before the flags. */
const COMMANDS: Readonly<Record<string, (config: Config) => void | Promise<void>>> = {
  "": run,
  "config check": () => console.log("The configuration is right"),
  "config print": (config) => console.log(stringify(masked(config)).trimEnd()),
};

async function run(config: Config): Promise<void> {
  const logger = createLogger(config);
  let server: RunningServer;
  try {
    server = await startServer(config, logger);
  } catch (error) {
    return fail([startFailure(error, config)], 1);
  }
  stopOnSignal(server);
  const { mode, store } = masked(config);
  const ops = server.opsUrl === undefined ? "" : `, operations on ${server.opsUrl}`;
  const page = config.playground ? `\nThe playground is at ${server.url}${config["base-path"]}/playground/` : "";
  console.log(
    `matrix-rendezvous listens on ${server.url} (mode ${mode}, store ${store}, ${runtimeName()}${ops})${page}`,
  );
}

/** The first signal lets what is under way finish; whoever sends a second one does not want to wait for that. */
function stopOnSignal(server: RunningServer): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    await server.close();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

function warn(message: string): void {
  console.warn(`Warning: ${message}`);
}

function fail(messages: readonly string[], exitCode: number): void {
  for (const message of messages) console.error(`matrix-rendezvous: ${message}`);
  process.exitCode = exitCode;
}

await main(process.argv.slice(2));
