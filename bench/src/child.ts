import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { SERVER_CORE } from "./target.ts";

/** A program on the servers' core that measures itself: to each line it hears it answers with a line of JSON. */
export class Child {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #lines: AsyncIterator<string>;
  readonly #ended: Promise<unknown>;

  constructor(command: readonly string[]) {
    this.#process = spawn("taskset", ["-c", SERVER_CORE, ...command], { stdio: ["pipe", "pipe", "inherit"] });
    this.#ended = once(this.#process, "exit");
    // One that has ended by itself says nothing more, and that is an error where it is heard.
    this.#process.stdin.on("error", () => {});
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** What it says next. */
  async hear<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("a program that measures itself has ended");
    return JSON.parse(value) as T;
  }

  /** Has it go on, and gives what it says to that. */
  ask<T>(): Promise<T> {
    this.#process.stdin.write("\n");
    return this.hear();
  }

  /** Lets it tidy up. */
  async end(): Promise<void> {
    this.#process.stdin.end();
    await this.#ended;
  }
}
