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
import { ChangeFeed } from "./change-feed.ts";
import { asUnavailable, type Target } from "./connection.ts";

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

/** The store on a schema that is up to date. */
export class PostgresStore implements RendezvousStore {
  readonly #target: Target;
  readonly #pool: pg.Pool;
  readonly #changes: ChangeFeed;
  readonly #underWay = new Set<Promise<unknown>>();

  constructor(target: Target, max: number, halfMs: number) {
    const config = {
      fallback_application_name: "matrix-rendezvous",
      ...target.config,
      connectionTimeoutMillis: halfMs,
      statement_timeout: halfMs,
      // The client's own, for a server that does not answer at all.
      query_timeout: halfMs,
    };
    this.#target = { ...target, config };
    this.#changes = new ChangeFeed(this.#target);
    this.#pool = new pg.Pool({
      ...config,
      max,
      // Shorter than what firewalls wait before they forget a connection without a word.
      idleTimeoutMillis: 60_000,
    });
    // The pool drops an idle connection that breaks; the next operation opens another, or says why it cannot.
    this.#pool.on("error", () => {});
  }

  async create(id: string, session: NewSession, admission: Admission, now: number): Promise<CreateOutcome> {
    const { sequenceToken, payload, expiresAt } = session;
    const { owner, maxSessions, maxSessionsPerOwner, whenFull } = admission;
    const born = [id, owner, sequenceToken, new Uint8Array(payload), expiresAt];
    const admitted = [maxSessions, maxSessionsPerOwner, whenFull === "evict-oldest"];
    const [row] = await this.#call<CreateRow>("create_session", ...born, ...admitted, now);
    if (row?.outcome === "owner" || row?.outcome === "total") {
      return { type: "full", scope: row.outcome, retryAt: row.retry_at };
    }
    return { type: row?.outcome === "created" ? "created" : "exists" };
  }

  async read(id: string, now: number): Promise<ReadOutcome> {
    const [row] = await this.#call<SessionRow>("read_session", id, now);
    if (row === undefined) return ABSENT;
    // The client's bytes are a view of memory that other answers share.
    const payload = new Uint8Array(row.payload);
    return { type: "found", session: { ...revisionOf(row), payload, transactions: row.transactions } };
  }

  async write(id: string, write: Write, now: number): Promise<WriteOutcome> {
    const { expectedToken, nextToken, payload, transactionId } = write;
    const copied = new Uint8Array(payload);
    const values = [id, expectedToken, nextToken, copied, transactionId ?? null, now];
    const [row] = await this.#call<WriteRow>("write_session", ...values);
    return row === undefined ? ABSENT : { type: row.outcome, revision: revisionOf(row) };
  }

  async cancel(id: string, now: number): Promise<CancelOutcome> {
    const [row] = await this.#call<{ cancel_session: boolean }>("cancel_session", id, now);
    return row?.cancel_session ? { type: "cancelled" } : ABSENT;
  }

  watch(id: string, knownToken: string, signal: AbortSignal): Promise<void> {
    return this.#changes.wait(id, signal, async () => {
      const [row] = await this.#call<{ watch_session: boolean }>("watch_session", id, knownToken);
      return row?.watch_session ?? false;
    });
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
    await this.#changes.close();
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
