import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";

const COMMANDS: Record<Runtime, readonly string[]> = {
  node: ["node"],
  bun: ["bun"],
  deno: ["deno", "run", "-A", "--no-check"],
};

export const RUNTIMES: readonly Runtime[] = ["node", "bun", "deno"];

/** A program of `programs/` in a process of its own, on any runtime. It speaks in lines of JSON. */
export class Child {
  readonly process: ChildProcess;
  /** What it prints after its first line. */
  readonly lines: AsyncIterator<string>;
  readonly #closed: Promise<unknown>;

  private constructor(process: ChildProcess) {
    this.process = process;
    this.#closed = once(process, "close");
    if (process.stdout === null) throw new Error("a child's output must be a pipe");
    this.lines = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
  }

  /**
   * Starts the program and waits for its first line, which says where it really runs.
   *
   * @param wrapper the start of a command line that starts another
   */
  static async start(
    runtime: Runtime,
    program: string,
    args: readonly string[],
    wrapper: readonly string[] = [],
  ): Promise<Child> {
    const file = fileURLToPath(new URL(`programs/${program}`, import.meta.url));
    const [command = "", ...rest] = [...wrapper, ...COMMANDS[runtime], file, ...args];
    const child = new Child(spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"] }));
    const { value } = await child.lines.next();
    if (value !== JSON.stringify({ runtime }))
      throw new Error(`${program} was to run on ${runtime}, but said ${value}`);
    return child;
  }

  tell(line: string): void {
    this.process.stdin?.write(`${line}\n`);
  }

  /** Ends it as `kill -9` does, and gives what it had still printed. */
  async kill(): Promise<string[]> {
    this.process.kill("SIGKILL");
    const lines = await this.#rest();
    if (this.process.signalCode !== "SIGKILL") throw new Error("the program had ended by itself");
    return lines;
  }

  /** Lets it come to its end, which a program does when nobody speaks to it any more. */
  async end(): Promise<void> {
    this.process.stdin?.end();
    await this.#rest();
  }

  async #rest(): Promise<string[]> {
    const lines: string[] = [];
    for (let next = await this.lines.next(); next.done !== true; next = await this.lines.next()) lines.push(next.value);
    await this.#closed;
    return lines;
  }
}
