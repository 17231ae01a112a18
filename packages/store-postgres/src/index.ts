/**
 * Rendezvous sessions in PostgreSQL: any number of processes and machines serve the same sessions.
 *
 * @module
 */
export { openPostgresStore, type PostgresStoreOptions } from "./open.ts";
