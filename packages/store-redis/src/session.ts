import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { NewSession, Session } from "@matrix-rendezvous/core";

/** What is kept of a session, in the order of {@link sessionOf}. */
export const SESSION_FIELDS: readonly string[] = ["token", "payload", "modified", "expires", "transactions"];

/** The session that a server gave, live or not. */
export function sessionOf([token, payload, modified, expires, transactions]: (Buffer | null)[]): Session | undefined {
  if (!token || !payload) return undefined;
  const recorded: [string, string | null][] = transactions ? JSON.parse(String(transactions)) : [];
  return {
    sequenceToken: String(token),
    payload: new Uint8Array(payload),
    modifiedAt: Number(modified),
    expiresAt: Number(expires),
    transactions: recorded.map(([transactionId, sequenceToken]) => ({ transactionId, sequenceToken })),
  };
}

/** What a script that starts a session is told about it. */
export function startArguments(session: NewSession, owner: string, now: number): (string | Buffer)[] {
  const { sequenceToken, payload, expiresAt } = session;
  return [`${now}`, sequenceToken, Buffer.from(payload), `${expiresAt}`, lifetimeMs(expiresAt, now), owner];
}

/** How long the server keeps what belongs to a session, by its own clock; at least a moment, since 0 is no time at all. */
export function lifetimeMs(expiresAt: number, now: number): string {
  return `${Math.max(1, Math.ceil(expiresAt - now))}`;
}

/** Where changes of a session are told. Anybody may list and hear channels, so the ID, a secret, is not in their names. */
export function channelOf(channels: string, id: string): string {
  return channels + createHash("sha1").update(id).digest("hex");
}
