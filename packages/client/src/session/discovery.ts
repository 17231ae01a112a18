import { type Connection, type ConnectionOptions, connect } from "./connection.ts";
import { exchange, persist } from "./request.ts";
import { success } from "./responses.ts";

/**
 * The member of a discovery answer, or of its refusal, that offers long-polling: `{"max_timeout_ms": integer}`. A read may then carry
 * `?since=<sequence_token>&timeout=<ms>`, and is answered once the token differs, or the timeout has passed.
 */
export const LONG_POLL_KEY = "io.github.matrix-rendezvous.long_poll";

/**
 * The member of a discovery answer, or of its refusal, that offers `PUT …/{id}/{txnId}`: `true`. The answer to a transaction ID that was
 * seen before is the answer that was given then.
 */
export const TRANSACTION_IDS_KEY = "io.github.matrix-rendezvous.transaction_ids";

/** What a server offers beyond MSC4388. */
export interface Extensions {
  /** The longest `timeout` that a read may ask for, in milliseconds; `0` where there is no long-polling. */
  readonly longPollMs: number;
  /** Whether a write can carry a transaction ID. */
  readonly transactionIds: boolean;
}

/** What a server offers that says nothing of extensions. */
export const NO_EXTENSIONS: Extensions = { longPollMs: 0, transactionIds: false };

/** What a homeserver offers to this client. */
export interface Discovery extends Extensions {
  /** Whether this client, with this access token or none, can create sessions. */
  readonly createAvailable: boolean;
}

/** What every operation that takes its time can be given. */
export interface OperationOptions {
  /** Ends the operation, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** How long to try to get an answer, in milliseconds. */
const PATIENCE_MS = 15_000;

/**
 * Asks whether the homeserver offers the rendezvous API to this client. MSC4388 "Discover".
 *
 * @throws RendezvousError `unavailable`, `unauthorized` or `forbidden` where it does not
 */
export async function discover(options: ConnectionOptions & OperationOptions): Promise<Discovery> {
  const connection = connect(options);
  const { signal = new AbortController().signal } = options;
  const deadline = connection.clock.now() + PATIENCE_MS;
  const { members } = success(await persist(connection, DISCOVER, deadline, signal));
  return { createAvailable: members["create_available"] === true, ...readExtensions(members) };
}

/** What the server offers, `NO_EXTENSIONS` where it does not say. Never rejects. */
export async function askExtensions(connection: Connection, signal: AbortSignal): Promise<Extensions> {
  try {
    // Also where it refuses to say whether sessions can be created: the device that joins has no access token.
    return readExtensions((await exchange(connection, DISCOVER, signal)).body ?? {});
  } catch {
    return NO_EXTENSIONS;
  }
}

const DISCOVER = { method: "GET", path: "", authorize: true } as const;

function readExtensions(members: Readonly<Record<string, unknown>>): Extensions {
  const longPoll: unknown = members[LONG_POLL_KEY];
  const limit =
    typeof longPoll === "object" && longPoll !== null && "max_timeout_ms" in longPoll && longPoll.max_timeout_ms;
  return {
    longPollMs: typeof limit === "number" && limit > 0 ? Math.floor(limit) : 0,
    transactionIds: members[TRANSACTION_IDS_KEY] === true,
  };
}
