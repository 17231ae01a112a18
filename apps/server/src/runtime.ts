import type { Handler, Listening, ListenOptions } from "@matrix-rendezvous/http";

type Serve = (handler: Handler, options: ListenOptions) => Promise<Listening>;

/** The adapter of the runtime that this program is on, so that no other is loaded. */
export async function adapter(): Promise<Serve> {
  if ("Deno" in globalThis) return (await import("@matrix-rendezvous/deno")).serve;
  if ("Bun" in globalThis) return (await import("@matrix-rendezvous/bun")).serve;
  return (await import("@matrix-rendezvous/node")).serve;
}
