import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, startProgram } from "../../../integration/src/program.ts";

const DOCUMENTED = new URL("../../../docs/operate/haproxy.cfg", import.meta.url);

/** How long HAProxy may take to see that a replica is there, in milliseconds. */
const PATIENCE_MS = 10_000;

/** Where a replica listens, and where it is operated. */
export interface Place {
  readonly port: number;
  readonly opsPort: number;
}

export interface LoadBalancer {
  readonly url: string;
  /** Everything that it has printed. */
  readonly output: () => string;
  /** Waits until it uses every replica. */
  allInUse(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts HAProxy with the documentation's file; only places and times are the test's. */
export async function startLoadBalancer([one, two]: readonly [Place, Place]): Promise<LoadBalancer> {
  const folder = await mkdtemp(join(tmpdir(), "haproxy-"));
  const [port, statsPort] = [await freePort(), await freePort()];
  const changes: readonly (readonly [string, string])[] = [
    ["bind :8080", `bind 127.0.0.1:${port}`],
    ["127.0.0.1:8404", `127.0.0.1:${statsPort}`],
    ["inter 1s", "inter 100ms"],
    [" port 9090", ""],
    ["10.0.0.1:8080", `127.0.0.1:${one.port} port ${one.opsPort}`],
    ["10.0.0.2:8080", `127.0.0.1:${two.port} port ${two.opsPort}`],
  ];
  let text = await readFile(DOCUMENTED, "utf8");
  for (const [documented, ours] of changes) {
    if (!text.includes(documented)) throw new Error(`the documented file lacks ${documented}`);
    text = text.replace(documented, ours);
  }
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, text);
  const stats = `http://127.0.0.1:${statsPort}/replicas;csv`;
  const program = await startProgram(["haproxy", "-db", "-f", file], stats, "scripts/services/proxies.sh installs it");
  return {
    url: `http://127.0.0.1:${port}`,
    output: program.output,
    async allInUse() {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      let page: string;
      do page = await (await fetch(stats, { signal })).text();
      while (!["one", "two"].every((name) => isUp(page, name)));
    },
    async stop() {
      await program.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** Whether the replica is up without reserve: `UP 1/2` is one whose last check failed. */
function isUp(page: string, name: string): boolean {
  return page.split("\n").some((line) => line.startsWith(`rendezvous,${name},`) && line.split(",")[17] === "UP");
}
