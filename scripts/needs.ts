/** What suites and the bench need besides npm, and how to see whether it is there. */
import { existsSync, globSync } from "node:fs";
import { connect } from "node:net";
import { delimiter } from "node:path";
import process from "node:process";

/** As one would say it, and where it is to be found: a program on the path, a file, a port. */
export interface Need {
  readonly name: string;
  readonly installer: string;
  readonly program?: string;
  readonly file?: string;
  readonly port?: number;
}

const databases = { installer: "bash scripts/services/databases.sh" };
export const REDIS: Need = { ...databases, name: "Redis on port 6379", port: 6379 };
export const POSTGRES: Need = { ...databases, name: "PostgreSQL on port 5432", port: 5432 };
export const SYNAPSE: Need = {
  name: "Synapse",
  file: ".services/synapse/installed.txt",
  installer: "bash scripts/services/synapse.sh",
};
export const WRK: Need = { name: "wrk", program: "wrk", installer: "bash scripts/services/bench.sh" };

const program = (name: string, installer: string): Need => ({ name, program: name, installer });
const proxies = "bash scripts/services/proxies.sh";
export const HAPROXY: Need = program("haproxy", proxies);

export const NEEDS: readonly Need[] = [
  program("redis-server", databases.installer),
  { ...databases, name: "PostgreSQL's server", file: "/usr/lib/postgresql/*/bin/postgres" },
  REDIS,
  POSTGRES,
  SYNAPSE,
  ...["nginx", "caddy", "apache2"].map((name) => program(name, proxies)),
  HAPROXY,
  ...["prometheus", "promtool"].map((name) => program(name, "bash scripts/services/prometheus.sh")),
  { name: "systemd", file: "/lib/systemd/systemd", installer: "bash scripts/services/systemd.sh" },
  program("systemd-analyze", "bash scripts/services/systemd.sh"),
  { name: "Chromium", program: "chromium", installer: "bash scripts/services/chromium.sh" },
  WRK,
  program("cargo", "https://rustup.rs"),
];

// Debian's servers are where the path of who is not root does not lead.
const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];
const root = `${import.meta.dirname}/..`;

async function isThere({ program, file, port }: Need): Promise<boolean> {
  if (program !== undefined) return folders.some((folder) => existsSync(`${folder}/${program}`));
  if (file !== undefined) return globSync(file, { cwd: root }).length > 0;
  const socket = connect({ port: port ?? 0, host: "127.0.0.1" });
  const answered = new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  });
  return await answered.finally(() => socket.destroy());
}

/** What of it this machine lacks, a sentence each, with what installs it. */
export async function missing(needs: readonly Need[]): Promise<string[]> {
  const sentences = await Promise.all(
    needs.map(async (need) => ((await isThere(need)) ? [] : [`${need.name} is not there: ${need.installer}`])),
  );
  return sentences.flat();
}
