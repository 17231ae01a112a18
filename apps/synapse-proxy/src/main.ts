import process from "node:process";
import packageJson from "../package.json" with { type: "json" };
import { type Config, configure, helpText } from "./config.ts";
import { type RunningProxy, startProxy } from "./proxy.ts";

const WRONG_USAGE = 2;

async function main(args: readonly string[]): Promise<void> {
  const configured = configure(args);
  switch (configured.type) {
    case "help":
      return console.log(helpText());
    case "version":
      return console.log(packageJson.version);
    case "mistakes":
      return fail(configured.mistakes, WRONG_USAGE);
    case "config":
      return await run(configured.config);
  }
}

async function run(config: Config): Promise<void> {
  let proxy: RunningProxy;
  try {
    proxy = await startProxy(config, (words) => console.error(words));
  } catch (error) {
    return fail([startFailure(error, config)], 1);
  }
  stopOnSignal(proxy);
  const { homeserver, mode, store } = config;
  const how = `mode ${mode}, store ${store}, ${runtimeName()}`;
  console.log(`matrix-rendezvous-proxy listens on ${proxy.url} in front of ${homeserver} (${how})`);
}

/** The first signal lets what is under way finish; whoever sends a second one does not want to wait for that. */
function stopOnSignal(proxy: RunningProxy): void {
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    await proxy.close();
    process.exit(0);
  };
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
}

/** Why the proxy did not start, in a sentence for whoever started it. */
function startFailure(error: unknown, { host, port }: Config): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return `Port ${port} on ${host} is in use by another program: choose another with --port`;
  if (code === "EACCES") return `No permission to listen on port ${port} of ${host}: choose another with --port`;
  if (code === "EADDRNOTAVAIL") return `${host} is not an address of this machine: choose one with --host`;
  return error instanceof Error ? error.message : String(error);
}

function fail(messages: readonly string[], exitCode: number): void {
  for (const message of messages) console.error(`matrix-rendezvous-proxy: ${message}`);
  process.exitCode = exitCode;
}

function runtimeName(): string {
  const { deno, bun, node } = process.versions;
  if (deno !== undefined) return `Deno ${deno}`;
  return bun === undefined ? `Node ${node}` : `Bun ${bun}`;
}

await main(process.argv.slice(2));
