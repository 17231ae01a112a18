import { MAX_TRANSACTIONS } from "@matrix-rendezvous/core";
import type { Answer } from "../answer.ts";

/** What is asked of one session, as text, so that it can be printed, compared and recorded. Payloads: `textOf`. */
export type SessionRequest =
  | { readonly type: "create"; readonly token: string; readonly payload: string; readonly expiresAt: number }
  | { readonly type: "read" }
  | {
      readonly type: "write";
      readonly expected: string;
      readonly next: string;
      readonly payload: string;
      readonly transactionId?: string | undefined;
    }
  | { readonly type: "cancel" };

/** A session of the reference model. */
export interface ModelSession {
  /** The sequence token that is current. */
  readonly token: string;
  /** One character per byte, see {@link textOf}. */
  readonly payload: string;
  /** When the current revision was written, in Unix milliseconds. */
  readonly modifiedAt: number;
  /** When the session ends, in Unix milliseconds. */
  readonly expiresAt: number;
  /** Every transaction that was answered, the oldest first, with the token it was given. */
  readonly transactions: readonly { readonly id: string; readonly token: string | "conflict" }[];
}

/** The session after a request, and the answer to it. */
export interface Asked {
  readonly session: ModelSession | undefined;
  readonly answer: Answer;
}

/**
 * The rules of a session once more, as plainly as they can be put: what the tests compare stores with. Shares no code
 * with the state machine of the core, so that a mistake there is not repeated here.
 */
export function ask(before: ModelSession | undefined, request: SessionRequest, now: number): Asked {
  const session = before === undefined || now >= before.expiresAt ? undefined : before;
  if (request.type === "create") return session ? { session, answer: { type: "exists" } } : create(request, now);
  if (session === undefined) return { session, answer: { type: "absent" } };
  if (request.type === "cancel") return { session: undefined, answer: { type: "cancelled" } };
  if (request.type === "read") {
    return { session, answer: { ...revision("found", session), payload: session.payload } };
  }
  return write(session, request, now);
}

function create(request: SessionRequest & { type: "create" }, now: number): Asked {
  const { token, payload, expiresAt } = request;
  return {
    session: { token, payload, expiresAt, modifiedAt: now, transactions: [] },
    answer: { type: "created" },
  };
}

function write(session: ModelSession, request: SessionRequest & { type: "write" }, now: number): Asked {
  const { expected, next, payload, transactionId } = request;
  const known = session.transactions.slice(-MAX_TRANSACTIONS).find(({ id }) => id === transactionId);
  if (known?.token === "conflict") return { session, answer: revision("conflict", session) };
  if (known) return { session, answer: { ...revision("replayed", session), token: known.token } };

  const wins = expected === session.token;
  const retries = !wins && payload === session.payload;
  const after = wins ? { ...session, token: next, payload, modifiedAt: now } : session;
  const token = wins || retries ? after.token : "conflict";
  const transactions =
    transactionId === undefined ? after.transactions : [...after.transactions, { id: transactionId, token }];
  const type = wins ? "written" : retries ? "unchanged" : "conflict";
  return { session: { ...after, transactions }, answer: revision(type, after) };
}

function revision(type: Answer["type"], { token, modifiedAt, expiresAt }: ModelSession): Answer {
  return { type, token, modifiedAt, expiresAt };
}
