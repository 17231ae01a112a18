import process from "node:process";
import type { StoreUnderTest } from "@matrix-rendezvous/testkit";
import pg from "pg";
import { openPostgresStore } from "../src/index.ts";

/** A PostgreSQL on which the tests may create schemas. */
export const POSTGRES_URL: string = process.env["POSTGRES_URL"] ?? "postgres://postgres@127.0.0.1:5432/test";

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
  fresh: async () => {
    const schema = freshSchema();
    return {
      open: () => openPostgresStore(POSTGRES_URL, { schema }),
      remove: () => withClient(async (client) => void (await client.query(`drop schema ${schema} cascade`))),
    };
  },
};
