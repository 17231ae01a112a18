import { fromBase64, toBase64 } from "../bytes.ts";
import type { Revision } from "../wire/revision.ts";

/** What the attacker can do with a session whose ID it knows. The server always knows it. */
export type Attack = "read" | "overwrite" | "flip" | "replay" | "swap";

interface AttackText {
  /** On its button. */
  readonly name: string;
  /** Who can do this, and how; a sentence. */
  readonly how: string;
  /** What MSC4388 promises against it; a sentence. */
  readonly promise: string;
}

export const ATTACKS: Readonly<Record<Attack, AttackText>> = {
  read: {
    name: "Read as the server does",
    how: "Fetch what the slot holds, which takes nothing but its ID.",
    promise:
      "The server learns that two devices talk, when, and how much; what they say is sealed with keys that only they have.",
  },
  overwrite: {
    name: "Overwrite the slot",
    how: "Replace what the slot holds with bytes of one’s own.",
    promise:
      "Whoever has the ID can write, but not seal: the device refuses what the other one did not seal, and the sign-in ends with nothing given away.",
  },
  flip: {
    name: "Flip a bit",
    how: "Change one bit of the message in the slot.",
    promise: "Every bit of a message is authenticated: with one of them changed, nothing of it is opened.",
  },
  replay: {
    name: "Replay a message",
    how: "Put an earlier message back into the slot.",
    promise:
      "Each message is sealed with its place in the conversation and the slot’s sequence token: at any other time it does not open.",
  },
  swap: {
    name: "Swap the key",
    how: "Having seen the QR code, answer it in place of the device that scanned it, with a key of one’s own.",
    promise:
      "The device that scanned the code gets an answer that was not made for its key, so it shows a warning and no check code; with no code to type, the other device tells the attacker nothing.",
  },
};

/** Bytes of the length that a message has, sealed by nobody. */
export function forged(current: string): string {
  const length = Math.max(fromBase64(current)?.length ?? 0, 77);
  return toBase64(crypto.getRandomValues(new Uint8Array(length)));
}

/** The message with one bit changed, anywhere. */
export function flipped(current: string): string {
  const bytes = fromBase64(current) ?? new Uint8Array();
  const [random = 0] = crypto.getRandomValues(new Uint32Array(1));
  const bit = random % (8 * bytes.length);
  return toBase64(bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte)));
}

/** The message that could best be taken for the last one: an earlier one of the same device, where there is one. */
export function replayable(revisions: readonly Revision[]): Revision | undefined {
  const said = revisions.filter(({ data, writer }) => data !== "" && writer !== "attacker");
  const [last, ...earlier] = said.toReversed();
  return earlier.find(({ writer }) => writer === last?.writer) ?? earlier[0] ?? last;
}
