/**
 * Rendezvous sessions in Deno KV: on Deno Deploy, on a KV Connect server, or in a file.
 *
 * @module
 */
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { DenoKvStore } from "./deno-kv-store.ts";
import type { Kv } from "./kv.ts";

export type { Kv, KvAtomic, KvEntry, KvKey, KvRange } from "./kv.ts";

export interface DenoKvStoreOptions {
  /**
   * After how many milliseconds an operation gives up, 100 or more. Too low turns a busy database into an unavailable
   * one, too high lets requests pile up behind one that is away.
   * @default 2000
   */
  readonly timeoutMs?: number | undefined;
}

declare const Deno: { readonly openKv?: (path?: string) => Promise<Kv> } | undefined;

/**
 * Keeps sessions in a Deno KV that the caller opened, and closes after the store. Everything is under keys of its own,
 * `"matrix_rendezvous"` first.
 *
 * @throws RangeError where an option is out of its bounds
 */
export function denoKvStore(kv: Kv, options: DenoKvStoreOptions = {}): RendezvousStore {
  return new DenoKvStore(kv, timeoutOf(options), () => {});
}

/**
 * Opens a Deno KV and keeps sessions in it. What is acknowledged is as durable as Deno KV makes a commit.
 *
 * @param path a file, or the URL of a KV Connect server (its token is in `DENO_KV_ACCESS_TOKEN`). Left out, it is what
 *   Deno takes by itself: on Deno Deploy the deployment's database, elsewhere a file in Deno's cache.
 * @throws RangeError where an option is out of its bounds
 * @throws Error that names the path and the reason where it cannot be used
 */
export async function openDenoKvStore(path?: string, options: DenoKvStoreOptions = {}): Promise<RendezvousStore> {
  const timeoutMs = timeoutOf(options);
  if (typeof Deno === "undefined" || Deno.openKv === undefined) {
    throw new Error("no Deno KV here: it is a part of Deno, which outside of Deno Deploy wants the flag --unstable-kv");
  }
  let kv: Kv | undefined;
  try {
    kv = await Deno.openKv(path);
    const store = new DenoKvStore(kv, timeoutMs, () => kv?.close());
    // Opening asks nothing of a server yet.
    await store.stats();
    return store;
  } catch (error) {
    kv?.close();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Deno KV at ${path ?? "its default place"} cannot be used: ${reason}`, { cause: error });
  }
}

function timeoutOf({ timeoutMs = 2000 }: DenoKvStoreOptions): number {
  if (Number.isSafeInteger(timeoutMs) && timeoutMs >= 100) return timeoutMs;
  throw new RangeError(`timeoutMs must be an integer of 100 or more, not ${timeoutMs}`);
}
