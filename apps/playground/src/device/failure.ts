import {
  ChannelError,
  type ChannelErrorCode,
  RendezvousError,
  type RendezvousErrorCode,
} from "@matrix-rendezvous/client";
import { UnexpectedMessageError } from "./conversation.ts";

/** Why a device gave up. */
export interface Failure {
  readonly code: ChannelErrorCode | RendezvousErrorCode | "cancelled" | "unexpected_message" | "unknown";
  /** For the user, a sentence. */
  readonly sentence: string;
}

export const CANCELLED: Failure = { code: "cancelled", sentence: "You cancelled." };

export const EXPIRED: Failure = { code: "expired", sentence: "The session is gone: its time is over." };

const SENTENCES: Readonly<Partial<Record<Failure["code"], string>>> = {
  refused: "Not secure: what arrived was not made by the other device for this one.",
  malformed: "Not secure: what arrived is no message of a device.",
  wrong_check_code: "The check code was wrong too often.",
  unsuitable_code: "This code is of a device like this one: one must be new, the other signed in.",
  in_use: "Not secure: somebody else has used this code already.",
  conflict: "Not secure: somebody else wrote in between.",
  expired: "The session is gone: its time is over, or somebody ended it.",
  unavailable: "This server offers no rendezvous sessions.",
  unauthorized: "This server wants an access token from who creates a session.",
  forbidden: "This server does not let you create a session.",
  rate_limited: "The server asks for patience: too many sessions at a time.",
  network: "The server cannot be reached.",
};

export function failureOf(error: unknown): Failure {
  const code = codeOf(error);
  const words = error instanceof Error ? error.message : String(error);
  return { code, sentence: SENTENCES[code] ?? `It failed: ${words}.` };
}

function codeOf(error: unknown): Failure["code"] {
  if (error instanceof ChannelError || error instanceof RendezvousError) return error.code;
  return error instanceof UnexpectedMessageError ? "unexpected_message" : "unknown";
}
