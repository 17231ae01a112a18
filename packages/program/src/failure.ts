import type { Config } from "./config/options.ts";

/** That the operations listener could not be opened; the cause says why. */
export class OpsListenError extends Error {}

/** Why a program did not start, in a sentence for whoever started it. */
export function startFailure(error: unknown, config: Pick<Config, "host" | "port" | "ops-port">): string {
  if (error instanceof OpsListenError) return failure(error.cause, config.host, config["ops-port"], "--ops-port");
  return failure(error, config.host, config.port, "--port");
}

function failure(error: unknown, host: string, port: number | undefined, flag: string): string {
  switch (errorCode(error)) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use by another program: stop that, or choose another with ${flag}`;
    case "EACCES":
    case "EPERM":
      if (error instanceof Error && "path" in error) return `No permission to use ${error.path}`;
      return `No permission to listen on port ${port} of ${host}: ports below 1024 are the system's, choose another with ${flag}`;
    case "EADDRNOTAVAIL":
      return `${host} is not an address of this machine: choose one with --host`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `The host name ${host} is not known: choose another with --host`;
    case "ENOENT":
      return error instanceof Error && "path" in error ? `There is no file ${error.path}` : String(error);
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function errorCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
