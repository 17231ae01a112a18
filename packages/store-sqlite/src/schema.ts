/** Written into the file's header ("MRzv"), so that no other application's database is taken for ours, nor ours for theirs. */
export const APPLICATION_ID = 0x4d527a76;

/** Which of our schemas the file has: `PRAGMA user_version`. Files of a newer one are refused. */
export const SCHEMA_VERSION = 1;

/** The whole schema, for a transaction in an empty database. */
export const SCHEMA: string = `
CREATE TABLE sessions (
  session INTEGER PRIMARY KEY,
  -- The rendezvous ID.
  id TEXT NOT NULL UNIQUE,
  -- Whose share of the places the session takes: a user or a client network.
  owner TEXT NOT NULL CHECK (owner <> ''),
  sequence_token TEXT NOT NULL,
  -- Times are Unix milliseconds of the caller; REAL is what JavaScript calls a number.
  modified_at REAL NOT NULL,
  expires_at REAL NOT NULL,
  payload BLOB NOT NULL,
  -- JSON, [{"transactionId", "sequenceToken"}], the oldest first. NULL where there are none.
  transactions TEXT
) STRICT;
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_owner ON sessions (owner, expires_at);

-- How many sessions each owner has, expired ones included, and the owner '' all of them: counting rows would take longer
-- the more there are. The triggers keep the numbers right in whichever transaction a session comes or goes.
CREATE TABLE counts (
  owner TEXT PRIMARY KEY,
  sessions INTEGER NOT NULL CHECK (sessions >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO counts (owner, sessions) VALUES ('', 0);

CREATE TRIGGER count_created AFTER INSERT ON sessions BEGIN
  UPDATE counts SET sessions = sessions + 1 WHERE owner = '';
  INSERT INTO counts (owner, sessions) VALUES (NEW.owner, 1)
    ON CONFLICT (owner) DO UPDATE SET sessions = sessions + 1;
END;

CREATE TRIGGER count_removed AFTER DELETE ON sessions BEGIN
  UPDATE counts SET sessions = sessions - 1 WHERE owner IN ('', OLD.owner);
  DELETE FROM counts WHERE owner = OLD.owner AND sessions = 0;
END;

PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${SCHEMA_VERSION};
`;
