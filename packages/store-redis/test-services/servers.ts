import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { Redis } from "ioredis";
import { isFree } from "../../../integration/src/program.ts";

/** `REDIS_SERVER=valkey-server` tests another one. */
const PROGRAM = process.env["REDIS_SERVER"] ?? "redis-server";

// A server and its files end with the test that started it, however that ends: its standard input closes then.
const KEPT = `exec 3<&0; (read -r word <&3; [ "$word" = keep ] || rm -rf "$0"; kill -9 $$) & exec "$@"`;

/** A server of the test's own on a port of its own, with its files in a folder of its own; nothing on disk by default. */
export class Server {
  readonly port: number;
  readonly folder: string;
  readonly url: string;
  readonly #settings: readonly string[];
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, settings: readonly string[]) {
    this.port = port;
    this.folder = folder;
    this.url = `redis://127.0.0.1:${port}`;
    this.#settings = settings;
  }

  /**
   * @param settings as in redis.conf: `appendonly yes`; `FOLDER` stands for the server's
   * @param prepare puts into the folder what has to be there first
   */
  static async start(settings: readonly string[] = [], prepare?: (folder: string) => void): Promise<Server> {
    const folder = await mkdtemp(join(tmpdir(), "store-redis-"));
    prepare?.(folder);
    const server = new Server(await freePort(), folder, settings);
    await server.restart();
    return server;
  }

  /** Sends a command past the store. */
  async run(command: string, ...args: (string | number)[]): Promise<unknown> {
    const client = new Redis({ port: this.port, retryStrategy: null, lazyConnect: true });
    client.on("error", () => {});
    try {
      return await client.call(command, ...args);
    } finally {
      client.disconnect();
    }
  }

  signal(name: NodeJS.Signals): void {
    // Not by the child's own `kill`: on Deno a child that was signalled counts as ended.
    if (this.#process?.pid !== undefined) process.kill(this.#process.pid, name);
  }

  /** Starts it, or starts it again on the same files, and waits until it answers. */
  async restart(): Promise<void> {
    const settings = ["bind 127.0.0.1", `port ${this.port}`, 'save ""', `dir ${this.folder}`, ...this.#settings];
    const options = settings.flatMap((setting) => {
      const [name, ...value] = setting.replaceAll("FOLDER", this.folder).split(" ");
      return [`--${name}`, value.join(" ").replace('""', "")];
    });
    const child = spawn("sh", ["-c", KEPT, this.folder, PROGRAM, ...options], { stdio: "pipe" });
    this.#process = child;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (data) => {
        output = `${output}${data}`.slice(-2000);
      });
    }
    const patience = AbortSignal.timeout(10_000);
    // A server that wants a password is there as well.
    while (!/PONG|NOAUTH/.test(String(await this.run("ping").catch(String)))) {
      if (child.exitCode !== null || patience.aborted) {
        throw new Error(`these tests need ${PROGRAM}, which is missing or did not start: ${output}`);
      }
      await pause(10);
    }
  }

  /** Ends it as a crash would, and waits until it is gone. */
  async kill(): Promise<void> {
    if (this.#process === undefined) return;
    const gone = once(this.#process, "exit");
    this.#process.stdin?.end("keep\n");
    await gone;
    this.#process = undefined;
  }

  /** Ends it and removes its files. */
  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Three nodes that share all slots between them, in thirds. */
export async function startCluster(more: readonly string[] = []): Promise<readonly [Server, Server, Server]> {
  const settings = ["cluster-enabled yes", "cluster-node-timeout 5000", ...more];
  const [first, second, third] = await Promise.all([
    Server.start(settings),
    Server.start(settings),
    Server.start(settings),
  ]);
  const nodes = [first, second, third] as const;
  for (const [index, node] of nodes.entries()) {
    const from = Math.ceil((index * SLOTS) / nodes.length);
    await node.run("cluster", "set-config-epoch", index + 1);
    await node.run("cluster", "addslotsrange", from, Math.ceil(((index + 1) * SLOTS) / nodes.length) - 1);
    await node.run("cluster", "meet", "127.0.0.1", first.port);
  }
  const patience = AbortSignal.timeout(20_000);
  for (const node of nodes) {
    for (let info = ""; !/cluster_state:ok/.test(info) || !/cluster_known_nodes:3/.test(info); ) {
      if (patience.aborted) throw new Error(`the nodes did not form a cluster: ${info}`);
      await pause(20);
      info = String(await node.run("cluster", "info"));
    }
  }
  return nodes;
}

/** A slot that is about to move to the node after the one that has it. */
export interface Moving {
  readonly source: Server;
  readonly target: Server;
  /** Says on all nodes whose the slot is. */
  settle(owner: Server): Promise<void>;
}

export async function startMoving(nodes: readonly Server[], slot: number): Promise<Moving> {
  const ranges = (await nodes[0]?.run("cluster", "slots")) as [number, number, [string, number, string]][];
  const [, , [, port] = []] = ranges.find(([from, to]) => from <= slot && slot <= to) ?? [];
  const place = nodes.findIndex((node) => node.port === port);
  const [source, target] = [nodes[place], nodes[(place + 1) % nodes.length]];
  if (source === undefined || target === undefined) throw new Error(`no node has slot ${slot}`);
  const idOf = async (node: Server): Promise<string> => String(await node.run("cluster", "myid"));
  await target.run("cluster", "setslot", slot, "importing", await idOf(source));
  await source.run("cluster", "setslot", slot, "migrating", await idOf(target));
  const settle = async (owner: Server): Promise<void> => {
    const id = await idOf(owner);
    for (const node of [owner, source, ...nodes]) await node.run("cluster", "setslot", slot, "node", id);
  };
  return { source, target, settle };
}

/** Moves a slot with all that is in it, as an operator's tools do. */
export async function moveSlot(nodes: readonly Server[], slot: number): Promise<void> {
  const { source, target, settle } = await startMoving(nodes, slot);
  const inSlot = async () => (await source.run("cluster", "getkeysinslot", slot, 2)) as string[];
  for (let keys = await inSlot(); keys.length > 0; keys = await inSlot()) {
    await source.run("migrate", "127.0.0.1", target.port, "", 0, 5000, "keys", ...keys);
  }
  await settle(target);
}

/** How many slots every cluster has. */
const SLOTS = 16_384;

/** A port that was free a moment ago, as was the one that a cluster's bus takes, below those that connections are from. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 10_000);
    if ((await isFree(port)) && (await isFree(port + 10_000))) return port;
  }
}
