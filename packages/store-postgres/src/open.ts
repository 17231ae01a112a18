import type { RendezvousStore } from "@matrix-rendezvous/core";
import { reasonOf, targetOf } from "./connection.ts";
import { migrate } from "./migrate.ts";
import { PostgresStore } from "./postgres-store.ts";

/** How the database is used. */
export interface PostgresStoreOptions {
  /**
   * The schema that holds everything, made where it is missing: 1 to 63 characters of `[a-z0-9_]`, the first no digit.
   * The URL can say it as well, as `?schema=`; this one counts.
   * @default "matrix_rendezvous"
   */
  readonly schema?: string | undefined;
  /**
   * Most connections of this process at a time, 1 or more. With all processes together, and Synapse, it must stay below
   * the server's `max_connections`. More than twice the server's cores gains nothing.
   * @default 10
   */
  readonly maxConnections?: number | undefined;
  /**
   * After how many milliseconds an operation gives up, 100 or more: half of it to get a connection, half of it for the
   * answer. Too low turns a busy server into an unavailable one, too high lets requests pile up behind a dead one.
   * @default 2000
   */
  readonly timeoutMs?: number | undefined;
}

/**
 * Opens sessions in PostgreSQL, for any number of processes. Acknowledged operations are committed, and as durable as
 * the server's `synchronous_commit` makes a commit.
 *
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, with `?sslmode=`, `?schema=` and what else node-postgres
 *   reads; a Unix socket is `postgres:///DATABASE?host=/run/postgresql&user=USER`
 * @throws TypeError or RangeError where the URL or an option is wrong
 * @throws Error that names the server, the database and the reason where it cannot be used, never the password
 */
export async function openPostgresStore(url: string, options: PostgresStoreOptions = {}): Promise<RendezvousStore> {
  const { maxConnections = 10, timeoutMs = 2000 } = options;
  if (!Number.isSafeInteger(maxConnections) || maxConnections < 1)
    throw new RangeError("maxConnections must be 1 or more");
  if (!Number.isSafeInteger(timeoutMs) || timeoutMs < 100) throw new RangeError("timeoutMs must be 100 or more");
  const target = targetOf(url, options.schema);
  try {
    await migrate(target, timeoutMs / 2);
  } catch (error) {
    throw new Error(`${target.name}, cannot be used: ${reasonOf(error)}`, { cause: error });
  }
  return new PostgresStore(target, maxConnections, timeoutMs / 2);
}
