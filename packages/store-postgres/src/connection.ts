import { StoreUnavailableError } from "@matrix-rendezvous/core";
import pg from "pg";
import { parse, toClientConfig } from "pg-connection-string";

/** Where the sessions are kept: how to connect, in which schema they are, and how messages name it. */
export interface Target {
  readonly config: pg.ClientConfig;
  readonly schema: string;
  /** For people: host, port and database, no more. */
  readonly name: string;
}

/** @throws TypeError that names what is wrong with the URL, and nothing of the URL: it may hold a password */
export function targetOf(url: string, schemaOption: string | undefined): Target {
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new TypeError("a PostgreSQL URL starts with postgres:// or postgresql://");
  const { schema: schemaParameter, ...parameters } = parseUrl(url);
  const schema = schemaOption ?? String(schemaParameter ?? "matrix_rendezvous");
  // No quoting can go wrong with these, in SQL or in a shell.
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new TypeError(`schema must be 1 to 63 characters of [a-z0-9_], the first no digit, not ${schema}`);
  }
  const config = toClientConfig(parameters);
  const host = config.host || "localhost";
  const place = host.startsWith("/") ? host : `${host}:${config.port ?? 5432}`;
  const database = config.database || config.user || "of the user's name";
  return { config, schema, name: `PostgreSQL at ${place}, database ${database}` };
}

function parseUrl(url: string): ReturnType<typeof parse> {
  try {
    // libpq's meaning of sslmode, as in psql and in Synapse's configuration; the library's own is about to change.
    return parse(url, { useLibpqCompat: true });
  } catch (error) {
    // Where it is no URL at all, the error repeats it, password and all; otherwise it is about a parameter.
    const reason = error instanceof TypeError || error instanceof URIError ? "it is malformed" : reasonOf(error);
    throw new TypeError(`the PostgreSQL URL cannot be used: ${reason}`);
  }
}

/**
 * What a failure means to the caller: that the store is away, unless PostgreSQL itself says that the statement or its
 * data was wrong (classes 22, 23 and 42 of its error codes), which no retry can mend.
 */
export function asUnavailable(error: unknown, name: string): unknown {
  if (error instanceof pg.DatabaseError && /^(22|23|42)/.test(error.code ?? "")) return error;
  return new StoreUnavailableError(`${name}, is unavailable: ${reasonOf(error)}`, { cause: error });
}

/** Why it failed, for people. Node gives one error with no message for the several addresses of one name. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join(", ");
  return error instanceof Error ? error.message : String(error);
}
