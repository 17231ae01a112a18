import { execFile } from "node:child_process";
import { glob, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { freePort } from "../../../integration/src/program.ts";

const run = promisify(execFile);

/** A PostgreSQL server of the test's own, in a folder of its own: to be configured, stopped and killed at will. */
export interface Cluster {
  /** Its superuser, with a password, over TCP. */
  readonly url: string;
  readonly port: number;
  /** The folder of its Unix socket. */
  readonly folder: string;
  start(): Promise<void>;
  restart(): Promise<void>;
  /** `kill -9` of all its processes: what it did not write to disk is lost. */
  crash(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

/** Makes and starts a server; `settings` are lines of postgresql.conf. */
export async function startCluster(settings: readonly string[] = []): Promise<Cluster> {
  const folder = (await asPostgres("mktemp", ["-d", "/tmp/rendezvous-postgres-XXXXXX"])).trim();
  const data = join(folder, "data");
  await asPostgres("sh", ["-c", `echo secret-of-postgres > ${folder}/password`]);
  const passwords = ["--auth=scram-sha-256", `--pwfile=${folder}/password`];
  await asPostgres(await program("initdb"), [
    `--pgdata=${data}`,
    "--username=postgres",
    "--encoding=UTF8",
    ...passwords,
  ]);
  const port = await freePort();
  const all = [`port=${port}`, "listen_addresses='127.0.0.1'", `unix_socket_directories='${folder}'`, ...settings];
  await asPostgres("sh", ["-c", `printf '%s\\n' "$@" >> ${data}/postgresql.conf`, "sh", ...all]);

  const pgCtl = await program("pg_ctl");
  const control = async (command: "start" | "restart") => {
    await asPostgres(pgCtl, [command, "--wait", `--pgdata=${data}`, `--log=${folder}/log`]);
  };
  await control("start");
  return {
    url: `postgres://postgres:secret-of-postgres@127.0.0.1:${port}/postgres`,
    port,
    folder,
    start: () => control("start"),
    restart: () => control("restart"),
    crash: async () => {
      const postmaster = Number.parseInt(await readFile(join(data, "postmaster.pid"), "utf8"), 10);
      // Stopped first, so that it starts nobody whom the list does not have.
      process.kill(postmaster, "SIGSTOP");
      const { stdout } = await run("ps", ["-o", "pid=", "--ppid", String(postmaster)]);
      const pids = [postmaster, ...stdout.split("\n").filter(Boolean).map(Number)];
      for (const pid of pids) process.kill(pid, "SIGKILL");
      while (await anyAlive(pids));
      // Some systems take a second to bury the dead, and PostgreSQL takes them for running.
      for (const lock of [join(data, "postmaster.pid"), join(folder, `.s.PGSQL.${port}.lock`)]) await rm(lock);
    },
    remove: async () => {
      await asPostgres(pgCtl, ["stop", "--mode=immediate", `--pgdata=${data}`]).catch(() => {});
      await asPostgres("rm", ["-rf", folder]);
    },
  };
}

/** Runs a program as a user that PostgreSQL runs as: it refuses root. Gives what it printed. */
export async function asPostgres(file: string, args: readonly string[]): Promise<string> {
  const [command, ...rest] = process.getuid?.() === 0 ? ["runuser", "-u", "postgres", "--", file] : [file];
  // Without a folder that this user may enter, initdb complains.
  const { stdout } = await run(command ?? file, [...rest, ...args], { cwd: "/tmp" });
  return stdout;
}

/** A program of PostgreSQL's server, which not every system puts on the path. */
async function program(name: string): Promise<string> {
  for await (const found of glob(`/usr/lib/postgresql/*/bin/${name}`)) return found;
  const { stdout } = await run("pg_config", ["--bindir"]).catch(() => {
    throw new Error(`no ${name}: install PostgreSQL's server programs (Debian: postgresql)`);
  });
  return join(stdout.trim(), name);
}

async function anyAlive(pids: readonly number[]): Promise<boolean> {
  const { stdout } = await run("ps", ["-o", "stat=", "-p", pids.join()]).catch(() => ({ stdout: "" }));
  return stdout.split("\n").some((state) => state !== "" && !state.startsWith("Z"));
}
