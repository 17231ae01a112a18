import process from "node:process";
import { configure, readFlags, urlOf } from "@matrix-rendezvous/program";
import { SERVER_OPTIONS, type ServerConfig } from "./options.ts";

const WRONG_USAGE = 2;

/** How long a server that serves may take to say so, in milliseconds. */
const PATIENCE_MS = 2_000;

/** Where a server that listens on every address of its machine is reached from this machine. */
const LOOPBACK: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/**
 * The command `health`, for those who keep a server running and have no HTTP client: asks the server that was started
 * with the same flags, variables and configuration file. Resolves to the exit code: 0 if it serves, 1 if it does not, 2 if
 * the configuration is wrong.
 */
export async function healthCommand(args: readonly string[]): Promise<number> {
  const configured = configure(SERVER_OPTIONS, readFlags(args, { ...SERVER_OPTIONS }), process.env);
  if (!configured.ok) return complain(configured.mistakes, WRONG_USAGE);
  const url = healthUrl(configured.config);
  try {
    const { status } = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return status === 200 ? 0 : complain([`${url} answers ${status}`], 1);
  } catch {
    return complain([`${url} does not answer`], 1);
  }
}

function healthUrl({ host, port }: ServerConfig): string {
  return `${urlOf(LOOPBACK[host] ?? host, port)}/health`;
}

function complain(messages: readonly string[], exitCode: number): number {
  for (const message of messages) console.error(`matrix-rendezvous: ${message}`);
  return exitCode;
}
