import process from "node:process";
import type { Handler, Listening, ListenOptions } from "@matrix-rendezvous/http";

/** What every adapter exports as `serve`. */
export type Serve = (handler: Handler, options: ListenOptions) => Promise<Listening>;

/** The adapter of the runtime that this program is on, so that no other is loaded. */
export async function adapter(): Promise<Serve> {
  if ("Deno" in globalThis) return (await import("@matrix-rendezvous/deno")).serve;
  if ("Bun" in globalThis) return (await import("@matrix-rendezvous/bun")).serve;
  return (await import("@matrix-rendezvous/node")).serve;
}

/** The runtime that this program is on and its version, such as `Bun 1.4.5`. */
export function runtimeName(): string {
  const { deno, bun, node } = process.versions;
  if (deno !== undefined) return `Deno ${deno}`;
  return bun === undefined ? `Node ${node}` : `Bun ${bun}`;
}
