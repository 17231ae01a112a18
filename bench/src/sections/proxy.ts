import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../../apps/server/test/temporary-folder.ts";
import { freePort, startProgram } from "../../../integration/src/program.ts";
import { HAPROXY, WRK } from "../../../scripts/needs.ts";
import { CpuClock } from "../cpu.ts";
import { saturateReads } from "../load/wrk.ts";
import { cpuPerRequest } from "../per-request.ts";
import type { Section } from "../section.ts";
import { RUNTIME_NAMES, RUNTIMES, startProxy } from "../servers.ts";
import { SERVER_CORE, type Target, withTargets } from "../target.ts";

const LOAD_CORE = "1";
const PATH = "/_matrix/client/v3/sync?since=s0";
/** About as long as the answer to a small sync. */
const BODY: string = JSON.stringify({ next_batch: "s1", filler: "x".repeat(1000) });

/** The proxy in front of a homeserver, on each runtime, against HAProxy with one thread: what passes through costs. */
export const proxy: Section = {
  needs: [HAPROXY, WRK],
  async measure(effort) {
    const folder = temporaryFolder();
    const upstream = await startHaproxy("upstream", folder.path, LOAD_CORE, answering);
    const starts = [
      () => startHaproxy("HAProxy", folder.path, SERVER_CORE, (port) => passingTo(upstream.url, port)),
      ...RUNTIMES.map((runtime) => () => startProxy(`proxy on ${RUNTIME_NAMES[runtime]}`, runtime, upstream.url)),
    ];
    const load = async ({ url }: Target): Promise<number> => (await saturateReads(url + PATH, effort.seconds)).requests;
    try {
      const rows = await withTargets(starts, async (targets) => {
        const measured = await cpuPerRequest(targets, effort, load);
        return targets.map(({ name }, index) => ({
          name,
          rounds: measured[index] ?? [],
          ours: name !== "HAProxy",
          against: name === "HAProxy" ? undefined : "HAProxy",
        }));
      });
      return [{ name: "What the proxy lets through: its CPU per request", unit: "µs", rows }];
    } finally {
      await upstream.stop();
      folder.remove();
    }
  },
};

const answering = (port: number): string => `frontend upstream
  bind 127.0.0.1:${port}
  http-request return status 200 content-type application/json string '${BODY}'
`;

/** The same headers as ours adds. */
const passingTo = (url: string, port: number): string => `frontend front
  bind 127.0.0.1:${port}
  option forwardfor
  http-request set-header X-Forwarded-Proto http
  http-request set-header X-Forwarded-Host %[req.hdr(Host)]
  default_backend synapse
backend synapse
  http-reuse always
  server synapse ${new URL(url).host}
`;

async function startHaproxy(
  name: string,
  folder: string,
  core: string,
  body: (port: number) => string,
): Promise<Target> {
  const port = await freePort();
  const file = join(folder, `${port}.cfg`);
  const timeouts = "  timeout connect 5s\n  timeout client 10m\n  timeout server 10m\n";
  writeFileSync(file, `global\n  nbthread 1\ndefaults\n  mode http\n${timeouts}${body(port)}`);
  const url = `http://127.0.0.1:${port}`;
  const command = ["taskset", "-c", core, "haproxy", "-f", file, "-db"];
  const program = await startProgram(command, url, HAPROXY.installer);
  return { name, url, cpu: new CpuClock(program.pid), stop: program.stop };
}
