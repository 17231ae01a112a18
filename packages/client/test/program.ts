/** A program of another runtime or language that is spoken to in lines of JSON. */
import assert from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export type Words = Readonly<Record<string, unknown>>;

export class Program {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  readonly #errors: string[] = [];

  constructor(command: string, args: readonly string[]) {
    this.#process = spawn(command, args, { stdio: "pipe" });
    this.#process.stderr.on("data", (chunk) => this.#errors.push(String(chunk)));
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  tell(words: Words): void {
    this.#process.stdin.write(`${JSON.stringify(words)}\n`);
  }

  /** The one member that the next line must have. */
  async hear(member: string): Promise<unknown> {
    const { value, done } = await this.#lines.next();
    const words: Words = done ? {} : JSON.parse(value);
    assert.ok(member in words, `no ${member} but ${value}: ${this.#errors.join("")}`);
    return words[member];
  }

  end(): void {
    this.#process.stdin.end();
    this.#process.kill();
  }
}
