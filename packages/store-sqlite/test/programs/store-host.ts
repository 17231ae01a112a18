/**
 * Opens stores and calls them, as the lines on its input say: {@link Call} in, {@link Return} out. An argument is the ID of
 * the user whose rights it goes on with.
 */
import process from "node:process";
import { createInterface } from "node:readline";
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { openSqliteStore } from "@matrix-rendezvous/store-sqlite";
import { runtime } from "@matrix-rendezvous/testkit/runner";
import { decode, encode } from "./wire.ts";

export interface Call {
  readonly call: number;
  readonly store: number;
  /** `abort` ends the watch that was the call named by its argument. */
  readonly method: "open" | "abort" | keyof RendezvousStore;
  readonly args: readonly unknown[];
}

export interface Return {
  readonly call: number;
  readonly outcome?: unknown;
  /** The name and the message of what was thrown. */
  readonly error?: readonly [name: string, message: string];
}

const stores = new Map<number, RendezvousStore>();
const watches = new Map<unknown, AbortController>();

async function perform({ call, store: key, method, args }: Call): Promise<unknown> {
  if (method === "open") {
    stores.set(key, await openSqliteStore(String(args[0])));
    return null;
  }
  if (method === "abort") return watches.get(args[0])?.abort();
  const store = stores.get(key) as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  if (method !== "watch") return await store[method]?.(...args);
  const controller = new AbortController();
  watches.set(call, controller);
  return await store[method]?.(...args, controller.signal);
}

function answer(value: Return): void {
  process.stdout.write(`${encode(value)}\n`);
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const call: Call = decode(line);
  perform(call).then(
    (outcome) => answer({ call: call.call, outcome }),
    (error: Error) => answer({ call: call.call, error: [error.name, error.message] }),
  );
});
if (process.argv[2] !== undefined) process.setuid?.(Number(process.argv[2]));
process.stdout.write(`${JSON.stringify({ runtime })}\n`);
