import { MAX_PAYLOAD_BYTES, type Session, type TransactionRecord } from "@matrix-rendezvous/core";
import { DamagedError } from "./failure.ts";

/** A row of `sessions`: its key, and the session in it. */
export interface Row {
  readonly key: number;
  readonly session: Session;
}

/** @throws DamagedError where the row is none that this package writes: such a row is never answered as data */
export function readRow(columns: Readonly<Record<string, unknown>>): Row {
  const { session: key, sequenceToken, modifiedAt, expiresAt, payload, transactions } = columns;
  if (
    typeof key !== "number" ||
    typeof sequenceToken !== "string" ||
    typeof modifiedAt !== "number" ||
    typeof expiresAt !== "number" ||
    !(payload instanceof Uint8Array && payload.length <= MAX_PAYLOAD_BYTES)
  ) {
    throw new DamagedError("a session has columns of the wrong types");
  }
  return {
    key,
    session: { payload, sequenceToken, modifiedAt, expiresAt, transactions: readTransactions(transactions) },
  };
}

export function writeTransactions(transactions: readonly TransactionRecord[]): string | null {
  return transactions.length === 0 ? null : JSON.stringify(transactions);
}

function readTransactions(column: unknown): readonly TransactionRecord[] {
  if (column === null) return [];
  try {
    const records: unknown = JSON.parse(String(column));
    if (Array.isArray(records) && records.every(isRecord)) return records;
  } catch {
    // The parser's message would quote what is stored.
  }
  throw new DamagedError("a session has transactions that cannot be read");
}

function isRecord(value: unknown): value is TransactionRecord {
  const { transactionId, sequenceToken } = { ...(value as Partial<TransactionRecord> | null) };
  return typeof transactionId === "string" && (sequenceToken === null || typeof sequenceToken === "string");
}
