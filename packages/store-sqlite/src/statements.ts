import type { DatabaseSync, StatementSync } from "node:sqlite";

/** Every statement, each in need of no more than a few steps down an index, however many sessions there are. */
export const SQL = {
  find: `SELECT session, sequence_token AS sequenceToken, modified_at AS modifiedAt, expires_at AS expiresAt, payload, transactions
    FROM sessions WHERE id = ?`,

  token: "SELECT sequence_token AS sequenceToken FROM sessions WHERE id = ?",

  insert: `INSERT INTO sessions (id, owner, sequence_token, modified_at, expires_at, payload) VALUES (?, ?, ?, ?, ?, ?)`,

  update: `UPDATE sessions SET sequence_token = ?, modified_at = ?, payload = ?, transactions = ? WHERE session = ?`,

  remove: "DELETE FROM sessions WHERE session = ?",

  /** One owner's sessions; the owner '' has all of them. */
  count: "SELECT sessions FROM counts WHERE owner = ?",

  firstToExpire: "SELECT min(expires_at) AS expiresAt FROM sessions",

  firstOwnedToExpire: "SELECT min(expires_at) AS expiresAt FROM sessions WHERE owner = ?",

  /** Removes those that expire first, up to a moment and a number. */
  removeFirst: `DELETE FROM sessions WHERE session IN
    (SELECT session FROM sessions WHERE expires_at <= ? ORDER BY expires_at, session LIMIT ?)`,

  removeFirstOwned: `DELETE FROM sessions WHERE session IN
    (SELECT session FROM sessions WHERE owner = ? AND expires_at <= ? ORDER BY expires_at, session LIMIT ?)`,

  /** Differs from what it was before once another connection has committed. */
  dataVersion: "PRAGMA data_version",
} as const;

export type Statements = Readonly<Record<keyof typeof SQL, StatementSync>>;

export function prepareStatements(db: DatabaseSync): Statements {
  return Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as Statements;
}
