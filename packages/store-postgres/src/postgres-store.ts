import type {
  Admission,
  CancelOutcome,
  CreateOutcome,
  NewSession,
  ReadOutcome,
  RendezvousStore,
  Revision,
  StoreStats,
  TransactionRecord,
  Write,
  WriteOutcome,
} from "@matrix-rendezvous/core";
import pg from "pg";
import { asUnavailable, reasonOf, type Target, targetOf } from "./connection.ts";
import { migrate } from "./migrate.ts";

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

interface CreateRow {
  readonly outcome: "created" | "exists" | "owner" | "total";
  readonly retry_at: number;
}

interface RevisionRow {
  readonly sequence_token: string;
  readonly modified_at: number;
  readonly expires_at: number;
}

interface WriteRow extends RevisionRow {
  readonly outcome: "written" | "unchanged" | "replayed" | "conflict";
}

interface SessionRow extends RevisionRow {
  readonly payload: Uint8Array;
  readonly transactions: readonly TransactionRecord[];
}

const ABSENT = { type: "absent" } as const;

class PostgresStore implements RendezvousStore {
  readonly #target: Target;
  readonly #pool: pg.Pool;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(target: Target, max: number, halfMs: number) {
    this.#target = target;
    this.#pool = new pg.Pool({
      fallback_application_name: "matrix-rendezvous",
      ...target.config,
      max,
      connectionTimeoutMillis: halfMs,
      statement_timeout: halfMs,
      // The client's own, for a server that does not answer at all.
      query_timeout: halfMs,
      keepAlive: true,
      idleTimeoutMillis: 60_000,
    });
    // The pool drops an idle connection that breaks; the next operation opens another, or says why it cannot.
    this.#pool.on("error", () => {});
  }

  async create(id: string, session: NewSession, admission: Admission, now: number): Promise<CreateOutcome> {
    const { sequenceToken, payload, expiresAt } = session;
    const { owner, maxSessions, maxSessionsPerOwner, whenFull } = admission;
    const born = [exact(id), exact(owner), exact(sequenceToken), payload.slice(), expiresAt];
    const admitted = [maxSessions, maxSessionsPerOwner, whenFull === "evict-oldest"];
    const [row] = await this.#call<CreateRow>("create_session", ...born, ...admitted, now);
    if (row?.outcome === "owner" || row?.outcome === "total") {
      return { type: "full", scope: row.outcome, retryAt: row.retry_at };
    }
    return { type: row?.outcome ?? "exists" };
  }

  async read(id: string, now: number): Promise<ReadOutcome> {
    const [row] = await this.#call<SessionRow>("read_session", exact(id), now);
    if (row === undefined) return ABSENT;
    // The client's bytes are a view of memory that other answers share.
    const payload = new Uint8Array(row.payload);
    const transactions = row.transactions.map((record) => ({ ...record, transactionId: given(record.transactionId) }));
    return { type: "found", session: { ...revisionOf(row), payload, transactions } };
  }

  async write(id: string, write: Write, now: number): Promise<WriteOutcome> {
    const { expectedToken, nextToken, payload, transactionId } = write;
    const transaction = transactionId === undefined ? null : exact(transactionId);
    const tokens = [exact(expectedToken), exact(nextToken)];
    const [row] = await this.#call<WriteRow>("write_session", exact(id), ...tokens, payload.slice(), transaction, now);
    return row === undefined ? ABSENT : { type: row.outcome, revision: revisionOf(row) };
  }

  async cancel(id: string, now: number): Promise<CancelOutcome> {
    const [row] = await this.#call<{ cancel_session: boolean }>("cancel_session", exact(id), now);
    return row?.cancel_session ? { type: "cancelled" } : ABSENT;
  }

  async stats(): Promise<StoreStats> {
    const [row] = await this.#call<{ count_all: number }>("count_all");
    return { sessions: row?.count_all ?? 0 };
  }

  async sweep(now: number): Promise<number> {
    const [row] = await this.#call<{ sweep_sessions: number }>("sweep_sessions", now);
    return row?.sweep_sessions ?? 0;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.#pool.end();
  }

  async #call<Row extends pg.QueryResultRow>(name: string, ...values: unknown[]): Promise<Row[]> {
    const parameters = values.map((_, index) => `$${index + 1}`).join(", ");
    const text = `select * from "${this.#target.schema}".${name}(${parameters})`;
    const answer = this.#pool.query<Row>(text, values);
    this.#underWay.add(answer);
    try {
      return (await answer).rows;
    } catch (error) {
      throw asUnavailable(error, this.#target.name);
    } finally {
      this.#underWay.delete(answer);
    }
  }
}

function revisionOf(row: RevisionRow): Revision {
  return { sequenceToken: row.sequence_token, modifiedAt: row.modified_at, expiresAt: row.expires_at };
}

/**
 * Text as PostgreSQL can hold it: without NUL and lone surrogates, which requests may bring and which must neither fail
 * nor compare as equal. What IDs and tokens are made of stays as it is.
 */
function exact(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** What {@link exact} was given. */
function given(text: string): string {
  return JSON.parse(`"${text}"`);
}
