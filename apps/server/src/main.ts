import process from "node:process";
import packageJson from "../package.json" with { type: "json" };
import { configure } from "./config/config.ts";
import { readFlags } from "./config/flags.ts";
import { helpText } from "./config/help.ts";
import type { Config } from "./config/options.ts";
import { startFailure } from "./failure.ts";
import { runtimeName } from "./runtime.ts";
import { type RunningServer, startServer } from "./server.ts";

const WRONG_USAGE = 2;

async function main(args: readonly string[]): Promise<void> {
  const flags = readFlags(args);
  if (flags.question === "help") return console.log(helpText());
  if (flags.question === "version") return console.log(packageJson.version);
  const configured = configure(flags.values);
  const mistakes = [...flags.mistakes, ...(configured.ok ? [] : configured.mistakes)];
  if (!configured.ok || mistakes.length > 0) return fail(mistakes, WRONG_USAGE);
  for (const warning of configured.warnings) console.warn(`Warning: ${warning}`);
  await run(configured.config);
}

async function run(config: Config): Promise<void> {
  let server: RunningServer;
  try {
    server = await startServer(config, (error) => console.error(error));
  } catch (error) {
    return fail([startFailure(error, config)], 1);
  }
  stopOnSignal(server);
  console.log(
    `matrix-rendezvous listens on ${server.url} (mode ${config.mode}, store ${config.store}, ${runtimeName()})`,
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

function fail(messages: readonly string[], exitCode: number): void {
  for (const message of messages) console.error(`matrix-rendezvous: ${message}`);
  process.exitCode = exitCode;
}

await main(process.argv.slice(2));
