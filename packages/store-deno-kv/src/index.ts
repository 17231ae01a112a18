/**
 * Rendezvous sessions in Deno KV: on Deno Deploy, on a KV Connect server, or in a file.
 *
 * @module
 */
import type { RendezvousStore } from "@matrix-rendezvous/core";
import { DenoKvStore } from "./deno-kv-store.ts";
import type { Kv } from "./kv.ts";

export type { Kv, KvAtomic, KvEntry, KvKey, KvRange } from "./kv.ts";

/** How soon a change made by another process is noticed in a file, in milliseconds. */
const POLL_MS = 50;

/** How a Deno KV is used. */
export interface DenoKvStoreOptions {
  /**
   * After how many milliseconds an operation gives up, 100 or more. Too low turns a busy database into an unavailable
   * one, too high lets requests pile up behind one that is away.
   * @default 2000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * How often, in milliseconds, a session that somebody waits for is looked at; 0 for never. Deno KV tells of changes
   * itself, but of a file that several processes share it tells each of them its own alone. Too seldom keeps devices
   * waiting, and often is a read of each such session each time.
   * @default 50, and 0 on Deno Deploy and for the URL of a KV Connect server
   */
  readonly pollMs?: number | undefined;
}

interface DenoApi {
  readonly openKv?: (path?: string) => Promise<Kv>;
  readonly env: { get(name: string): string | undefined };
  readonly permissions: { querySync(of: { name: "env"; variable: string }): { readonly state: string } };
}
declare const Deno: DenoApi | undefined;

/**
 * Keeps sessions in a Deno KV that the caller opened, and closes after the store. Everything is under keys of its own,
 * `"matrix_rendezvous"` first.
 *
 * @throws RangeError where an option is out of its bounds
 */
export function denoKvStore(kv: Kv, options: DenoKvStoreOptions = {}): RendezvousStore {
  return new DenoKvStore(kv, timeoutOf(options), pollOf(options), () => {});
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
  const pollMs = pollOf(options, path);
  if (typeof Deno === "undefined" || Deno.openKv === undefined) {
    throw new Error("no Deno KV here: it is a part of Deno, which outside of Deno Deploy wants the flag --unstable-kv");
  }
  let kv: Kv | undefined;
  try {
    kv = await Deno.openKv(path);
    const store = new DenoKvStore(kv, timeoutMs, pollMs, () => kv?.close());
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

function pollOf({ pollMs }: DenoKvStoreOptions, path?: string): number {
  const chosen = pollMs ?? (isService(path) ? 0 : POLL_MS);
  if (Number.isSafeInteger(chosen) && chosen >= 0) return chosen;
  throw new RangeError(`pollMs must be an integer of 0 or more, not ${chosen}`);
}

/** Whether it is a service, which tells every process of all changes. */
function isService(path: string | undefined): boolean {
  if (path !== undefined) return /^https?:/.test(path);
  const variable = "DENO_DEPLOYMENT_ID";
  if (typeof Deno === "undefined") return false;
  // Asked for first, since what is not allowed would be asked of whoever sits at the terminal.
  return (
    Deno.permissions.querySync({ name: "env", variable }).state === "granted" && Deno.env.get(variable) !== undefined
  );
}
