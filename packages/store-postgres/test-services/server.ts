import process from "node:process";
import type { StoreUnderTest } from "@matrix-rendezvous/testkit";
import pg from "pg";
import { openPostgresStore } from "../src/index.ts";

/** A PostgreSQL on which the tests may create schemas. */
export const POSTGRES_URL: string = process.env["POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";

/** The same one, where nothing is to outlive a crash: it need not wait for the disk some ten thousand times. */
export const HASTY_URL: string = hasty(POSTGRES_URL);

function hasty(url: string): string {
  const { searchParams } = new URL(url);
  searchParams.set("options", "-c synchronous_commit=off");
  return `${url.split("?", 1)}?${searchParams}`;
}

/** Runs `body` with a connection to that PostgreSQL; fails, saying what is missing, where there is none. */
export async function withClient<T>(body: (client: pg.Client) => Promise<T>, url: string = POSTGRES_URL): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
  } catch (error) {
    throw new Error("no PostgreSQL at 127.0.0.1:5432: start one, or say where it is in POSTGRES_URL", { cause: error });
  }
  try {
    return await body(client);
  } finally {
    await client.end();
  }
}

let made = 0;

/** A name for a schema of this process's own. */
export function freshSchema(): string {
  made += 1;
  return `rendezvous_test_${process.pid}_${made}`;
}

/** The store on that PostgreSQL, each sandbox in a schema of its own. */
export const postgresUnderTest: StoreUnderTest = {
  name: "PostgreSQL store",
  shared: true,
  watches: true,
  fresh: async () => {
    const schema = freshSchema();
    return {
      open: () => openPostgresStore(HASTY_URL, { schema, maxConnections: 4 }),
      remove: () => withClient(async (client) => void (await client.query(`drop schema ${schema} cascade`)), HASTY_URL),
    };
  },
};
