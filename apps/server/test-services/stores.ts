import { randomBytes } from "node:crypto";
import { join } from "node:path";
import process from "node:process";
import type { Runtime } from "@matrix-rendezvous/testkit/runner";
import { temporaryFolder } from "../test/temporary-folder.ts";

/** A store that several server processes can share. */
export interface SharedStore {
  readonly name: string;
  /** The runtimes that it runs on, one server process each. */
  readonly runtimes: readonly Runtime[];
  /** The URL of an empty one, and how it goes away. */
  fresh(): { readonly url: string; remove(): void };
}

export const MIXED: readonly Runtime[] = ["node", "bun", "deno", "bun"];

const POSTGRES = process.env["POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";
const REDIS = process.env["REDIS_URL"] ?? "redis://127.0.0.1:6379";

const name = (): string => `rendezvous_${randomBytes(6).toString("hex")}`;

function inFolder(url: (folder: string) => string): SharedStore["fresh"] {
  return () => {
    const folder = temporaryFolder();
    return { url: url(folder.path), remove: () => folder.remove() };
  };
}

/** Runs `use` with the URL of an empty store. */
export async function withStore({ fresh }: SharedStore, use: (url: string) => Promise<void>): Promise<void> {
  const store = fresh();
  try {
    await use(store.url);
  } finally {
    store.remove();
  }
}

const nothing = (): void => {};

/** Schemas and keys of databases that are the tests' own are left where they are: each is named at random. */
export const SHARED_STORES: readonly SharedStore[] = [
  { name: "SQLite", runtimes: MIXED, fresh: inFolder((folder) => `sqlite:${join(folder, "rendezvous.db")}`) },
  { name: "Redis", runtimes: MIXED, fresh: () => ({ url: `${REDIS}?prefix=${name()}:`, remove: nothing }) },
  { name: "PostgreSQL", runtimes: MIXED, fresh: () => ({ url: `${POSTGRES}?schema=${name()}`, remove: nothing }) },
  // Deno KV is Deno's alone.
  {
    name: "Deno KV",
    runtimes: ["deno", "deno", "deno", "deno"],
    fresh: inFolder((folder) => `deno-kv:${join(folder, "kv.db")}`),
  },
];
