/**
 * What one proxied request costs: this proxy on each runtime, beside HAProxy with one thread, in front of the same
 * upstream (a HAProxy that answers from memory), in one run. Needs `haproxy`, `wrk` and Linux.
 *
 * `node bench/compare.ts [seconds]`
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RUNTIMES, startProxy } from "../test/proxy-process.ts";

const SECONDS = Number(process.argv[2] ?? 10);
const CONNECTIONS = 16;
/** About as long as the answer to a small sync. */
const BODY = JSON.stringify({ next_batch: "s1", filler: "x".repeat(1000) });

/** Something that answers on a port, and the process that does it. */
interface Subject {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  stop(): Promise<unknown>;
}

interface Measurement {
  /** With as many connections as it takes to keep the subject busy. */
  readonly requestsPerSecond: number;
  /** Processor time of the subject for each of those requests, in microseconds. */
  readonly cpuUs: number;
  /** From sending to having the answer, with one connection: half of them, and 99 of 100, take no longer. */
  readonly p50: string;
  readonly p99: string;
}

const folder = mkdtempSync(join(tmpdir(), "proxy-bench-"));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

async function startHaproxy(name: string, body: (port: number) => string): Promise<Subject> {
  const port = await freePort();
  const config = join(folder, `${port}.cfg`);
  writeFileSync(
    config,
    `global
  nbthread 1
defaults
  mode http
  timeout connect 5s
  timeout client 10m
  timeout server 10m
${body(port)}`,
  );
  const child = spawn("haproxy", ["-f", config, "-db"], { stdio: "ignore" });
  const ended = once(child, "exit");
  const url = `http://127.0.0.1:${port}`;
  while (
    child.exitCode === null &&
    !(await fetch(url).then(
      () => true,
      () => false,
    ))
  );
  if (child.pid === undefined || child.exitCode !== null) throw new Error("haproxy did not start");
  const stop = (): Promise<unknown> => {
    child.kill();
    return ended;
  };
  return { name, url, pid: child.pid, stop };
}

function cpuMs(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  // utime and stime, in hundredths of a second.
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function load(url: string, seconds: number, connections = CONNECTIONS): string {
  const args = ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", `${url}/_matrix/client/v3/sync?since=s0`];
  return execFileSync("wrk", args, { encoding: "utf8" });
}

function measure({ url, pid }: Subject): Measurement {
  load(url, 2);
  const before = cpuMs(pid);
  const report = load(url, SECONDS);
  const spent = cpuMs(pid) - before;
  const alone = load(url, SECONDS, 1);
  if (/Non-2xx|Socket errors/.test(report + alone)) throw new Error(report + alone);
  return {
    requestsPerSecond: Math.round(Number(find(report, /Requests\/sec:\s+([\d.]+)/))),
    cpuUs: Math.round((spent * 1000) / Number(find(report, /(\d+) requests in/))),
    p50: find(alone, /^\s+50%\s+(\S+)/m),
    p99: find(alone, /^\s+99%\s+(\S+)/m),
  };
}

function find(report: string, pattern: RegExp): string {
  return pattern.exec(report)?.[1] ?? "?";
}

const upstream = await startHaproxy(
  "upstream",
  (port) => `frontend upstream
  bind 127.0.0.1:${port}
  http-request return status 200 content-type application/json string '${BODY}'
`,
);
const haproxy = await startHaproxy(
  "HAProxy",
  (port) => `frontend front
  bind 127.0.0.1:${port}
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(Host)]
  default_backend synapse
backend synapse
  http-reuse always
  server synapse ${new URL(upstream.url).host}
`,
);
const proxies = await Promise.all(
  RUNTIMES.map(async (runtime): Promise<Subject> => {
    const proxy = await startProxy(runtime, upstream.url);
    return { name: `proxy, ${runtime}`, url: proxy.url, pid: proxy.child.pid ?? 0, stop: proxy.stop };
  }),
);

const subjects = [{ ...upstream, name: "no proxy" }, haproxy, ...proxies];
const rows = Object.fromEntries(subjects.map((subject) => [subject.name, measure(subject)]));
console.table(rows);
for (const subject of [...proxies, haproxy, upstream]) await subject.stop();
rmSync(folder, { recursive: true });
