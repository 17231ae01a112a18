import { join } from "node:path";
import { temporaryFolder } from "../../../apps/server/test/temporary-folder.ts";
import { WRK } from "../../../scripts/needs.ts";
import { createSession2025 } from "../load/session.ts";
import { saturateReads } from "../load/wrk.ts";
import type { Section } from "../section.ts";
import { startServer } from "../servers.ts";
import { type Target, withTargets } from "../target.ts";
import { inTurns } from "../turns.ts";

/** All cores, for servers and load alike: with a core of its own for the load there would be one for both servers. */
const CORES = "0,1";
/** So many that each process gets about half of them. */
const CONNECTIONS = 64;

/** Two processes that share a port and a file, against one. */
export const reusePort: Section = {
  needs: [WRK],
  async measure(effort) {
    const folder = temporaryFolder();
    const store = `sqlite:${join(folder.path, "rendezvous.db")}`;
    const start = (port: string): Promise<Target> =>
      startServer(`on port ${port}`, "bun", { store, cores: CORES, flags: ["--port", port, "--reuse-port"] });
    let shared = "0";
    const starts = [
      () => start("0"),
      async () => {
        const target = await start("0");
        shared = new URL(target.url).port;
        return target;
      },
      () => start(shared),
    ];
    const perSecond = async ({ url }: Target): Promise<number> =>
      (await saturateReads(await createSession2025(url), effort.seconds, CONNECTIONS)).perSecond;
    const measured = withTargets(starts, ([alone, sharing]) =>
      inTurns(
        [alone, sharing].filter((target) => target !== undefined),
        effort,
        perSecond,
      ),
    );
    const [one = [], two = []] = await measured.finally(() => folder.remove());
    const rows = [
      { name: "one process", rounds: one, ours: true },
      { name: "two processes", rounds: two, ours: true, against: "one process" },
    ];
    return [{ name: "--reuse-port: saturated reads on two cores, load included", unit: "a second", rows }];
  },
};
