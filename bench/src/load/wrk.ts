import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** What came of as many requests as a server could answer. */
export interface Saturation {
  readonly requests: number;
  readonly perSecond: number;
}

const CONNECTIONS = 32;
const WRITES = fileURLToPath(new URL("./writes.lua", import.meta.url));

/** Reads what is at `url` on 32 connections for so many seconds. */
export function saturateReads(url: string, seconds: number, connections: number = CONNECTIONS): Promise<Saturation> {
  return wrk(["-t1", `-c${connections}`, `-d${seconds}s`, url]);
}

/** Writes to 32 sessions on a connection each. `url` is where they are created. */
export function saturateWrites(url: string, seconds: number): Promise<Saturation> {
  return wrk([`-t${CONNECTIONS}`, `-c${CONNECTIONS}`, `-d${seconds}s`, "-s", WRITES, url]);
}

async function wrk(args: readonly string[]): Promise<Saturation> {
  const { stdout } = await promisify(execFile)("wrk", args);
  const [, requests] = /(\d+) requests in/.exec(stdout) ?? [];
  const [, perSecond] = /Requests\/sec:\s+([\d.]+)/.exec(stdout) ?? [];
  if (requests === undefined || /Non-2xx|Socket errors/.test(stdout)) throw new Error(`wrk ${args.at(-1)}: ${stdout}`);
  return { requests: Number(requests), perSecond: Number(perSecond) };
}
