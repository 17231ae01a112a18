import type { Config } from "./config/options.ts";

/** Why a program did not start, in a sentence for whoever started it. */
export function startFailure(error: unknown, config: Pick<Config, "host" | "port">): string {
  const { host, port } = config;
  switch (errorCode(error)) {
    case "EADDRINUSE":
      return `Port ${port} on ${host} is in use by another program: stop that, or choose another with --port`;
    case "EACCES":
    case "EPERM":
      return `No permission to listen on port ${port} of ${host}: ports below 1024 are the system's, choose another with --port`;
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
