/**
 * Rendezvous sessions in one SQLite file, for any number of processes of one machine.
 *
 * @module
 */
export { openSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
