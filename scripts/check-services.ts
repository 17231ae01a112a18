/** Names what the suites that need services lack on this machine, and what installs it; fails where that is anything. */
import { existsSync, globSync } from "node:fs";
import { connect } from "node:net";
import { delimiter } from "node:path";

/** What is needed, as one would say it, and where it is to be found: a program on the path, a file, a port. */
interface Need {
  readonly name: string;
  readonly program?: string;
  readonly file?: string;
  readonly port?: number;
}

const NEEDS: Readonly<Record<string, readonly Need[]>> = {
  "bash scripts/services/databases.sh": [
    { name: "redis-server", program: "redis-server" },
    { name: "PostgreSQL's server", file: "/usr/lib/postgresql/*/bin/postgres" },
    { name: "Redis on port 6379", port: 6379 },
    { name: "PostgreSQL on port 5432", port: 5432 },
  ],
  "bash scripts/services/synapse.sh": [{ name: "Synapse", file: ".services/synapse/installed.txt" }],
  "bash scripts/services/proxies.sh": ["nginx", "caddy", "apache2", "haproxy"].map((name) => ({ name, program: name })),
  "bash scripts/services/prometheus.sh": ["prometheus", "promtool"].map((name) => ({ name, program: name })),
  "bash scripts/services/systemd.sh": [
    { name: "systemd", file: "/lib/systemd/systemd" },
    { name: "systemd-analyze", program: "systemd-analyze" },
  ],
  "bash scripts/services/chromium.sh": [{ name: "Chromium", program: "chromium" }],
  "https://rustup.rs": [{ name: "cargo", program: "cargo" }],
};

// Debian's servers are where the path of who is not root does not lead.
const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin"];

async function isThere({ program, file, port }: Need): Promise<boolean> {
  if (program !== undefined) return folders.some((folder) => existsSync(`${folder}/${program}`));
  if (file !== undefined) return globSync(file).length > 0;
  const socket = connect({ port: port ?? 0, host: "127.0.0.1" });
  const answered = new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
  });
  return await answered.finally(() => socket.destroy());
}

for (const [installer, needs] of Object.entries(NEEDS)) {
  for (const need of needs) {
    if (await isThere(need)) continue;
    console.error(`${need.name} is not there: ${installer}`);
    process.exitCode = 1;
  }
}
