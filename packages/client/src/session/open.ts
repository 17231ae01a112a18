import { isRendezvousId, RENDEZVOUS_ID_PROBLEM } from "../lib/limits.ts";
import { type ConnectionOptions, connect, positive } from "./connection.ts";
import { askExtensions, type Extensions, type OperationOptions } from "./discovery.ts";
import { persist } from "./request.ts";
import { success } from "./responses.ts";
import { checkPayload, type Polling, RendezvousSession } from "./session.ts";

/** How to use a session, whoever created it. */
export interface SessionOptions extends ConnectionOptions, OperationOptions {
  /**
   * The pause between two polls where the server does not hold them, in milliseconds, 1 or more; grows to twice as
   * much while nothing happens. Less than a second gets clients rate-limited on some servers.
   * @default 1000
   */
  readonly pollIntervalMs?: number | undefined;
  /** What the server offers beyond MSC4388, where that is known already. @default what the server says */
  readonly extensions?: Extensions | undefined;
}

/** How to create a session. */
export interface CreateSessionOptions extends SessionOptions {
  /** What the slot holds first, at most 4,096 bytes of UTF-8. @default "" */
  readonly data?: string | undefined;
}

/** Without an access token: a QR code can name anybody's server. */
export interface JoinSessionOptions extends Omit<SessionOptions, "accessToken"> {
  /** The rendezvous ID, out of a QR code. */
  readonly id: string;
}

/** How long to try to reach a server, in milliseconds. */
const PATIENCE_MS = 15_000;

/**
 * Creates a rendezvous session on a homeserver. A creation whose answer is lost is not repeated.
 *
 * @throws RendezvousError `unavailable`, `unauthorized`, `forbidden`, `rate_limited`, …
 */
export async function createSession(options: CreateSessionOptions): Promise<RendezvousSession> {
  const { data = "", signal = new AbortController().signal } = options;
  checkPayload(data);
  const connection = connect(options);
  const polling = configurePolling(options, () => askExtensions(connection, signal));
  const { clock } = connection;
  const request = { method: "POST", path: "", authorize: true, body: JSON.stringify({ data }) } as const;
  const body = success(await persist(connection, request, clock.now() + PATIENCE_MS, signal));
  const { id, sequenceToken } = body;
  return new RendezvousSession(connection, polling, id, { data, sequenceToken }, clock.now() + body.expiresInMs);
}

/**
 * Joins the rendezvous session of another device, and reads what it holds: see `latest`.
 *
 * @throws RendezvousError `expired` where there is no such session (any more), …
 */
export async function joinSession(options: JoinSessionOptions): Promise<RendezvousSession> {
  const { id, signal = new AbortController().signal } = options;
  if (!isRendezvousId(id)) throw new TypeError(`id ${RENDEZVOUS_ID_PROBLEM}`);
  // Left out once more, for those whose options come from one place: the server may be an attacker's.
  const connection = connect({ ...options, accessToken: undefined });
  const polling = configurePolling(options, () => askExtensions(connection, signal));
  const { clock } = connection;
  const request = { method: "GET", path: `/${id}`, secret: id } as const;
  const body = success(await persist(connection, request, clock.now() + PATIENCE_MS, signal));
  const { data, sequenceToken } = body;
  return new RendezvousSession(connection, polling, id, { data, sequenceToken }, clock.now() + body.expiresInMs);
}

function configurePolling(options: SessionOptions, ask: () => Promise<Extensions>): Polling {
  const intervalMs = positive("pollIntervalMs", options.pollIntervalMs ?? 1000);
  // Asked while the session itself is asked for: nobody waits for it twice.
  const extensions = options.extensions === undefined ? ask() : Promise.resolve(options.extensions);
  return { intervalMs, extensions };
}
