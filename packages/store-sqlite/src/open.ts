import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import { reasonOf, whenUnlocked } from "./failure.ts";
import { APPLICATION_ID, SCHEMA, SCHEMA_VERSION } from "./schema.ts";

/** How long SQLite itself waits for a lock, with the thread blocked: most locks are held for less. In milliseconds. */
const BLOCKING_MS = 10;

const CONNECTION = `
  -- The log is flushed to the disk when it is moved into the file, not at each commit: commits survive every death of the
  -- process, and sessions of some minutes are not worth waiting for the disk to survive a power cut that ends all
  -- connections anyway.
  PRAGMA synchronous = NORMAL;
  -- In pages of 4 KiB: moving the log into the file seldom costs less than moving it often, and holds up one commit.
  PRAGMA wal_autocheckpoint = 4000;
  -- In KiB.
  PRAGMA cache_size = -16000;
`;

/** Opens the file for this package, made with its folder and schema where they are missing. */
export async function openDatabase(path: string, busyTimeoutMs: number): Promise<DatabaseSync> {
  // Absolute, so that it is never taken for a URI or for `:memory:`.
  const file = resolve(path);
  let db: DatabaseSync | undefined;
  try {
    if (makeFile(file)) refuseForeign(file);
    db = new DatabaseSync(file, { timeout: BLOCKING_MS });
    await setUp(db, busyTimeoutMs);
    return db;
  } catch (error) {
    db?.close();
    throw new Error(`${file} cannot be used as the SQLite store: ${explain(error)}`, { cause: error });
  }
}

/** Why a file is not for us; the message is for people. */
class Refusal extends Error {}

/** Makes the file, for its owner alone to read, unless it is there; tells whether anything is in it. */
function makeFile(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    // Never opened where it exists: closing it again would drop the locks of this process's other connections to it.
    closeSync(openSync(file, "wx", 0o600));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const found = statSync(file);
  if (!found.isFile()) throw new Refusal("it is not a file");
  accessSync(dirname(file), constants.W_OK | constants.X_OK);
  accessSync(file, constants.R_OK | constants.W_OK);
  return found.size > 0;
}

/** Looks at the file's header and nothing else: an ordinary connection to another's database would tidy its log away. */
function refuseForeign(file: string): void {
  const url = pathToFileURL(file);
  url.searchParams.set("immutable", "1");
  const db = new DatabaseSync(url, { readOnly: true });
  try {
    if (number(db, "application_id") !== APPLICATION_ID) throw new Refusal("it is the database of another application");
    refuseNewer(db);
  } finally {
    db.close();
  }
}

function refuseNewer(db: DatabaseSync): void {
  const version = number(db, "user_version");
  if (version <= SCHEMA_VERSION) return;
  throw new Refusal(
    `a newer version of this program made it (its schema is ${version}, this version knows ${SCHEMA_VERSION})`,
  );
}

async function setUp(db: DatabaseSync, busyTimeoutMs: number): Promise<void> {
  await whenUnlocked(() => makeSchema(db), busyTimeoutMs);
  // Only now: the header must say whose file it is before there is a log that could say something else.
  const mode = await whenUnlocked(() => db.prepare("PRAGMA journal_mode = WAL").get(), busyTimeoutMs);
  if (mode?.["journal_mode"] !== "wal") throw new Refusal("its file system cannot share a write-ahead log");
  db.exec(CONNECTION);
}

/** In one transaction, so that of several processes that start at once one makes it and the others find it whole. */
function makeSchema(db: DatabaseSync): void {
  db.prepare("BEGIN IMMEDIATE").run();
  try {
    refuseNewer(db);
    if (number(db, "user_version") === 0) db.exec(SCHEMA);
    db.prepare("COMMIT").run();
  } finally {
    if (db.isTransaction) db.prepare("ROLLBACK").run();
  }
}

function number(db: DatabaseSync, pragma: "application_id" | "user_version"): number {
  return Number(db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]);
}

const FILE_ERRORS: Readonly<Record<string, string>> = {
  EACCES: "no permission to write to it or its folder",
  EPERM: "no permission to write to it or its folder",
  EROFS: "its file system is read-only",
  ENOTDIR: "its folder is not a folder",
  EEXIST: "its folder is not a folder",
  ENOSPC: "the disk is full",
};

function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Refusal) return error.message;
  const code = "code" in error ? String(error.code) : "";
  return FILE_ERRORS[code] ?? reasonOf(error) ?? error.message;
}
