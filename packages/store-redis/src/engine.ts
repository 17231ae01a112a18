import type { Buffer } from "node:buffer";
import { StoreUnavailableError } from "@matrix-rendezvous/core";
import type { Cluster, Redis } from "ioredis";
import type { Script } from "./scripts/script.ts";

/** The connection: what is asked through it is answered, or rejected as a store must, within a bounded time. */
export class Engine {
  readonly #client: Redis | Cluster;
  readonly #name: string;
  readonly #timeoutMs: number;
  readonly #underWay = new Set<Promise<unknown>>();
  #trouble: unknown = "not connected";

  /** @param name what messages call the server: `Redis at HOST:PORT` */
  constructor(client: Redis | Cluster, name: string, timeoutMs: number) {
    this.#client = client;
    this.#name = name;
    this.#timeoutMs = timeoutMs;
    // A lost connection says why here alone; what it was asked is only told that it closed.
    const remember = (error: unknown) => {
      this.#trouble = error;
    };
    client.on("error", remember).on("node error", remember);
  }

  get isCluster(): boolean {
    return this.#client.isCluster;
  }

  async connect(): Promise<void> {
    await this.#client.connect().catch(() => {
      throw this.#trouble;
    });
  }

  /** Runs one operation of the store, of one command or more. */
  async operate<T>(operation: () => Promise<T>): Promise<T> {
    // Nothing waits for the connection to come back: by then nobody waits for the answer.
    if (this.#client.status !== "ready") throw this.#unavailable(this.#trouble);
    const answer = within(this.#timeoutMs, operation());
    this.#underWay.add(answer);
    try {
      return await answer;
    } catch (error) {
      throw this.#unavailable(error);
    } finally {
      this.#underWay.delete(answer);
    }
  }

  /** Sends a command; strings come back as buffers. */
  async send<Reply>(command: string, ...args: (string | Buffer)[]): Promise<Reply> {
    return (await this.#client.callBuffer(command, ...args)) as Reply;
  }

  /** Runs a script by its hash, and by its text where the server does not know it (yet, or after a restart). */
  async run({ sha1, lua }: Script, keys: string[], args: (string | Buffer)[]): Promise<string[]> {
    const rest = [`${keys.length}`, ...keys, ...args];
    const answer = await this.send<Buffer[]>("evalsha", sha1, ...rest).catch((error) => {
      if (!String(error).includes("NOSCRIPT")) throw error;
      return this.send<Buffer[]>("eval", lua, ...rest);
    });
    return answer.map(String);
  }

  /**
   * A connection to hear on, which connects with the first command, to any node of a cluster: each hears everything. It
   * ends when it is lost, and when the cluster lets that node go.
   */
  listener(): Redis {
    const nodes = "nodes" in this.#client ? this.#client.nodes("master") : [this.#client];
    const ready = nodes.filter(({ status }) => status === "ready");
    const node = ready[Math.floor(Math.random() * ready.length)];
    if (node === undefined) throw this.#trouble;
    const listener = node.duplicate({ retryStrategy: null, enableOfflineQueue: true, autoResubscribe: false });
    const end = (): void => listener.disconnect();
    node.once("end", end);
    listener.on("error", () => {}).once("end", () => node.off("end", end));
    return listener;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    this.#client.disconnect();
  }

  // Without `cause`: the client's errors carry the command, with the session's ID and payload.
  #unavailable(error: unknown): StoreUnavailableError {
    return new StoreUnavailableError(`${this.#name} is unavailable: ${reasonOf(error)}`);
  }
}

export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

const CLOSED = /^(Connection is closed|Reached the max retries per request|Stream isn't writeable)/;

/** Why it failed, for people. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node gives one error without a message for the several addresses of one name, the client one for all nodes.
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(", ");
  if ("lastNodeError" in error) return reasonOf(error.lastNodeError);
  // The client's several words for it, some about options that are none of an operator's.
  if (CLOSED.test(error.message)) return "nothing listens there, or the connection was closed";
  // A server that does not know a command repeats what it was given, a password too.
  return error.message.split(", with args")[0] ?? "";
}
